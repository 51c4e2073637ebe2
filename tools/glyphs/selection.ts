/** A face as the selection sees it: its names and its images, uint8, shape (94, 28, 28). */
export type RenderedFace = { readonly family: string; readonly style: string; readonly images: Uint8Array };

/**
 * Picks faces that differ: goes through them in the given order and takes each that correlates less than a limit with all
 * taken so far, up to a number of faces per family.
 *
 * The correlation is that of whole faces, all 94 images as one vector, after the mean of all candidates is subtracted.
 *
 * @param faces  Candidates; earlier ones are preferred.
 * @returns The faces taken, in their order.
 */
export function selectDifferentFaces<T extends RenderedFace>(faces: readonly T[], limits: { correlation: number; facesPerFamily: number }): T[] {
  const patterns = standardize(faces.map(({ images }) => images));
  const taken: number[] = [];
  const perFamily = new Map<string, number>();
  faces.forEach(({ family }, f) => {
    const name = family.toLowerCase().replaceAll(' ', '');
    const count = perFamily.get(name) ?? 0;
    if (count >= limits.facesPerFamily) return;
    if (taken.some((other) => dot(patterns[f]!, patterns[other]!) >= limits.correlation)) return;
    taken.push(f);
    perFamily.set(name, count + 1);
  });
  return taken.map((f) => faces[f]!);
}

/** Puts upright faces of normal weight first, so that a family is represented by its regular face. */
export function plainness(style: string): number {
  const distance = [/italic|oblique|slanted/i, /bold|black|heavy|ultra/i, /thin|light|medium|demi|semi|extra/i, /condensed|narrow|expanded|wide/i];
  return distance.filter((pattern) => pattern.test(style)).length;
}

/** Subtracts the mean face and scales each face to unit length. */
function standardize(faces: readonly Uint8Array[]): Float32Array[] {
  const mean = new Float64Array(faces[0]?.length ?? 0);
  for (const face of faces) for (let i = 0; i < mean.length; i++) mean[i]! += face[i]! / faces.length;
  return faces.map((face) => {
    const pattern = Float32Array.from(face, (value, i) => value - mean[i]!);
    const norm = Math.sqrt(dot(pattern, pattern));
    return pattern.map((value) => value / norm);
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
