import { classCount, imagePixels } from '../../glyphs/characters.js';
import { areGlyphsDistinct, glyphImage, hasBackslash, nearestMedianAccuracy } from '../../glyphs/legibility.js';
import { renderFace } from '../../glyphs/render.js';

/** An outline that is a rectangle. */
function rectangle(minX: number, minY: number, maxX: number, maxY: number): Parameters<typeof renderFace>[0][number] {
  return { path: `M${minX} ${minY}L${maxX} ${minY}L${maxX} ${maxY}L${minX} ${maxY}Z`, box: { minX, minY, maxX, maxY } };
}

test('renderFace() draws a square that is as high as the face over 26 x 26 pixels, in the middle, and exactly', () => {
  const face = renderFace(Array.from({ length: classCount }, () => rectangle(100, -200, 1140, 840)));
  const expected = Array.from({ length: imagePixels }, (_, i) => {
    const [y, x] = [Math.floor(i / 28), i % 28];
    return x >= 1 && x < 27 && y >= 1 && y < 27 ? 255 : 0;
  });
  for (const k of [0, 1, 42, classCount - 1]) expect([...glyphImage(face, k)]).toEqual(expected);
});

test('renderFace() keeps one baseline: a low glyph stands low, y upward', () => {
  const outlines = Array.from({ length: classCount }, (_, k) => (k === 0 ? rectangle(0, 0, 130, 130) : rectangle(0, 0, 260, 1040)));
  const dot = glyphImage(renderFace(outlines), 0);
  const rows = Array.from({ length: 28 }, (_, y) => dot.subarray(28 * y, 28 * (y + 1)).some((value) => value > 127));
  expect([rows.indexOf(true), rows.lastIndexOf(true)]).toEqual([24, 26]);
});

test('renderFace() condenses one glyph that is wider than 26 pixels', () => {
  const outlines = Array.from({ length: classCount }, (_, k) => (k === 3 ? rectangle(0, 0, 1300, 1040) : rectangle(0, 0, 520, 1040)));
  const wide = glyphImage(renderFace(outlines), 3);
  expect([...wide.subarray(14 * 28, 15 * 28)]).toEqual([0, ...new Array<number>(26).fill(255), 0]);
});

test('areGlyphsDistinct() refuses a face that draws two classes alike, nearestMedianAccuracy() is 1 for the median itself', () => {
  const outlines = Array.from({ length: classCount }, (_, k) => rectangle(0, 40 * (k % 10), 80 + 100 * Math.floor(k / 10), 1040));
  const face = renderFace(outlines);
  expect(nearestMedianAccuracy(face, face)).toBe(1);
  const alike = renderFace(outlines.map((outline, k) => (k === 7 ? outlines[8]! : outline)));
  expect(areGlyphsDistinct(face)).toBe(true);
  expect(areGlyphsDistinct(alike)).toBe(false);
});

test('hasBackslash() refuses a sign with much more ink than the slash', () => {
  const slash = Array.from({ length: classCount }, () => rectangle(0, 0, 100, 1040));
  expect(hasBackslash(renderFace(slash))).toBe(true);
  expect(hasBackslash(renderFace(slash.map((outline, k) => (k === 0x5c - 0x21 ? rectangle(0, 0, 300, 1040) : outline))))).toBe(false);
});
