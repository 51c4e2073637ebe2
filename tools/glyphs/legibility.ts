import { classCount, imagePixels } from './characters.js';

/** Squared distance of two images whose pixels are scaled to [0, 1]. */
export function squaredDistance(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / 255 ** 2;
}

/** The image of one class in the images of a face, as a view. */
export function glyphImage(face: Uint8Array, k: number): Uint8Array {
  return face.subarray(k * imagePixels, (k + 1) * imagePixels);
}

/**
 * Whether all 94 glyphs of a face can be told apart: no two closer than a squared distance of 0.1, at most three pairs
 * closer than 0.5. Refuses faces that draw lower case like upper case.
 */
export function areGlyphsDistinct(face: Uint8Array): boolean {
  let closePairs = 0;
  for (let j = 1; j < classCount; j++) {
    for (let k = 0; k < j; k++) {
      const distance = squaredDistance(glyphImage(face, j), glyphImage(face, k));
      if (distance <= 0.1) return false;
      if (distance < 0.5) closePairs++;
    }
  }
  return closePairs <= 3;
}

/**
 * Whether the backslash is one: Korean and Japanese fonts draw the sign of the won or the yen in its place, which has
 * more than twice the ink of the slash. Among fonts with a backslash the ratio stays below 1.5.
 */
export function hasBackslash(face: Uint8Array): boolean {
  return ink(glyphImage(face, 0x5c - 0x21)) < 1.8 * ink(glyphImage(face, 0x2f - 0x21));
}

function ink(image: Uint8Array): number {
  return image.reduce((sum, value) => sum + value, 0);
}

/** The median face, pixel by pixel; of an even number of faces the upper median. */
export function medianFace(faces: readonly Uint8Array[]): Uint8Array {
  const median = new Uint8Array(classCount * imagePixels);
  const values = new Uint8Array(faces.length);
  for (let i = 0; i < median.length; i++) {
    for (let f = 0; f < faces.length; f++) values[f] = faces[f]![i]!;
    median[i] = values.sort()[faces.length >> 1]!;
  }
  return median;
}

/** The fraction of the 94 glyphs of a face whose nearest glyph in the median face is that of their own class. */
export function nearestMedianAccuracy(face: Uint8Array, median: Uint8Array): number {
  let correct = 0;
  for (let j = 0; j < classCount; j++) {
    let nearest = -1;
    let least = Infinity;
    for (let k = 0; k < classCount; k++) {
      const distance = squaredDistance(glyphImage(face, j), glyphImage(median, k));
      if (distance < least) [nearest, least] = [k, distance];
    }
    if (nearest === j) correct++;
  }
  return correct / classCount;
}
