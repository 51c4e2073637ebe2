import { hadamardProjection, randomStream } from '@memgeo/numerics';

/** What a projection is drawn by: the same for every set and epoch, so that curves differ through the features alone. */
export type ProjectionSeed = { readonly seed: number; readonly layer: string };

/**
 * Draws a Gaussian random projection with rows of norm 1, as the program of [stephenson2021geometry] uses.
 *
 * @returns shape (projectTo, features), row-major.
 */
export function randomProjection(features: number, projectTo: number, options: ProjectionSeed): Float32Array {
  const projection = new Float32Array(projectTo * features);
  projectionRows(features, options)(projection);
  return projection;
}

/** Draws the same projection in parts: each call fills the next rows, shape (rows, features). */
export function projectionRows(features: number, options: ProjectionSeed): (target: Float32Array) => void {
  const random = streamOf(options);
  return (target) => {
    random.fillNormal(target);
    for (let start = 0; start < target.length; start += features) {
      const values = target.subarray(start, start + features);
      let square = 0;
      for (let j = 0; j < features; j++) square += values[j]! ** 2;
      const factor = 1 / Math.sqrt(square);
      for (let j = 0; j < features; j++) values[j]! *= factor;
    }
  };
}

/**
 * Makes a projection by random signs and a Hadamard transform, {@link hadamardProjection}, in the scale of {@link randomProjection}.
 *
 * It keeps distances at least as well as a Gaussian matrix and costs features x log(features) an example, without a matrix.
 *
 * @returns a function that projects one vector into target[offset .. offset + projectTo).
 */
export function fastProjection(features: number, projectTo: number, options: ProjectionSeed): (vector: Float32Array, target: Float32Array, offset: number) => void {
  const project = hadamardProjection(features, { kept: projectTo, random: streamOf(options) });
  const projected = new Float64Array(projectTo);
  const scale = Math.sqrt(projectTo / features);
  return (vector, target, offset) => {
    project(vector, projected, 0);
    for (let i = 0; i < projectTo; i++) target[offset + i] = scale * projected[i]!;
  };
}

function streamOf({ seed, layer }: ProjectionSeed): ReturnType<typeof randomStream> {
  return randomStream(seed, 'activations/extract', 'projection', layer);
}
