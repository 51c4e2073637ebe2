import { chanceCapacity, manifoldGeometry, randomStream } from '@memgeo/geometry';

/** Compares the capacity of Gaussian clouds, 40 of 20 points each in 100 dimensions, with that of chance. */
export function compareWithChance(distance: number): { capacity: number; standardError: number; chance: number } {
  const [manifolds, pointsPerManifold, features] = [40, 20, 100];
  const random = randomStream(1, 'example');
  const centers = random.fork('centers').fillNormal(new Float32Array(manifolds * features));
  const data = random.fork('points').fillNormal(new Float32Array(manifolds * pointsPerManifold * features));
  const manifoldOf = Int32Array.from({ length: manifolds * pointsPerManifold }, (_, point) => Math.floor(point / pointsPerManifold));
  data.forEach((_, i) => { data[i]! += distance * centers[manifoldOf[Math.floor(i / features)]! * features + (i % features)]!; });
  const { capacity } = manifoldGeometry({ data, shape: [manifolds * pointsPerManifold, features], manifoldOf }, { random });
  return { capacity: capacity.value, standardError: capacity.standardError, chance: chanceCapacity(pointsPerManifold) };
}
