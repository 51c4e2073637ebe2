import { Resvg } from '@resvg/resvg-js';
import { classCount, imagePixels, imageSize } from './characters.js';
import type { Outline } from './face.js';

/** The drawing is made five times larger than the image, an em of about 128 pixels, and then averaged over boxes. */
const oversampling = 5;
const cell = imageSize * oversampling;
const columns = 10;

/** The ink stays this many pixels high and wide, so that a margin of one pixel remains. */
const inkSize = imageSize - 2;

/** No glyph may have to be condensed from more than this width. */
const largestWidth = 34;

/**
 * Draws the 94 glyphs of a face as white on black.
 *
 * All glyphs share one scale and one baseline: the union of their ink boxes is 26 pixels high, or less where the 95 %
 * quantile of the widths would exceed 26 pixels or the largest width 34. Each glyph is centered horizontally by its ink;
 * one wider than 26 pixels is condensed to 26.
 *
 * @returns uint8, shape (94, 28, 28).
 */
export function renderFace(outlines: readonly Outline[]): Uint8Array {
  const rows = Math.ceil(classCount / columns);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${columns * cell}" height="${rows * cell}">`,
    `<rect width="100%" height="100%" fill="black"/><g fill="white">`,
    ...placeGlyphs(outlines).map(({ path, matrix }) => `<path transform="matrix(${matrix.join(' ')})" d="${path}"/>`),
    '</g></svg>',
  ].join('');
  const { pixels } = new Resvg(svg, { font: { loadSystemFonts: false }, shapeRendering: 2 }).render();
  return averageBoxes(pixels);
}

/** Gives each glyph its affine map from font units to the drawing. */
function placeGlyphs(outlines: readonly Outline[]): { path: string; matrix: number[] }[] {
  const bottom = Math.min(...outlines.map(({ box }) => box.minY));
  const top = Math.max(...outlines.map(({ box }) => box.maxY));
  const widths = outlines.map(({ box }) => box.maxX - box.minX).sort((a, b) => a - b);
  const commonWidth = widths[Math.floor(0.95 * (widths.length - 1))]!;
  const scale = Math.min(inkSize / (top - bottom), inkSize / commonWidth, largestWidth / widths.at(-1)!);
  return outlines.map(({ path, box }, k) => {
    const condensed = Math.min(scale, inkSize / (box.maxX - box.minX));
    const centerX = (k % columns) + 0.5;
    const centerY = Math.floor(k / columns) + 0.5;
    return {
      path,
      matrix: [
        condensed * oversampling, 0, 0, -scale * oversampling,
        centerX * cell - (condensed * oversampling * (box.minX + box.maxX)) / 2,
        centerY * cell + (scale * oversampling * (bottom + top)) / 2,
      ],
    };
  });
}

/** Averages boxes of 5 x 5 pixels of the red channel. */
function averageBoxes(rgba: Uint8Array): Uint8Array {
  const stride = 4 * columns * cell;
  const images = new Uint8Array(classCount * imagePixels);
  for (let k = 0; k < classCount; k++) {
    const origin = Math.floor(k / columns) * cell * stride + (k % columns) * cell * 4;
    for (let y = 0; y < imageSize; y++) {
      for (let x = 0; x < imageSize; x++) {
        let sum = 0;
        for (let dy = 0; dy < oversampling; dy++) {
          const start = origin + (y * oversampling + dy) * stride + x * oversampling * 4;
          for (let dx = 0; dx < oversampling; dx++) sum += rgba[start + 4 * dx]!;
        }
        images[k * imagePixels + y * imageSize + x] = Math.round(sum / (oversampling * oversampling));
      }
    }
  }
  return images;
}
