import { randomStream } from '@memgeo/numerics';

/**
 * Draws a Gaussian random projection with rows of norm 1, as the program of [stephenson2021geometry] uses.
 *
 * Seeded by the layer's name: the same for every set and epoch, so that curves differ through the features alone.
 *
 * @returns shape (projectTo, features), row-major.
 */
export function randomProjection(features: number, projectTo: number, options: { seed: number; layer: string }): Float32Array {
  const projection = randomStream(options.seed, 'activations/extract', 'projection', options.layer).fillNormal(new Float32Array(projectTo * features));
  for (let row = 0; row < projectTo; row++) {
    const values = projection.subarray(row * features, (row + 1) * features);
    let square = 0;
    for (let j = 0; j < features; j++) square += values[j]! ** 2;
    const factor = 1 / Math.sqrt(square);
    for (let j = 0; j < features; j++) values[j]! *= factor;
  }
  return projection;
}
