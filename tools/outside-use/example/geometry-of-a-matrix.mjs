// The geometry of class manifolds from a plain typed array: no pipeline, no Arrow, no TensorFlow.
import { manifoldGeometry, randomStream } from '@memgeo/geometry';

const [classes, points, features] = [40, 20, 100];
const random = randomStream(1, 'example');
const centers = random.fillNormal(new Float32Array(classes * features));
const data = new Float32Array(classes * points * features);
const manifoldOf = new Int32Array(classes * points);
for (let row = 0; row < classes * points; row++) {
  manifoldOf[row] = Math.floor(row / points);
  for (let j = 0; j < features; j++) data[row * features + j] = centers[manifoldOf[row] * features + j] + 0.5 * random.nextNormal();
}

const { capacity, radius, dimension, centerCorrelation } = manifoldGeometry(
  { data, shape: [classes * points, features], manifoldOf },
  { gaussianVectors: 100, random: randomStream(2) },
);
console.log(JSON.stringify({ capacity, radius, dimension, centerCorrelation }));
