import type { Page } from 'playwright-core';
import type { Look } from './open-report.js';

/**
 * Runs in the browser: texts of a drawing that leave it, and pairs that lie on each other.
 *
 * A text is the box around its letters, turned as it is drawn. Its height is taken for less than the line's, since
 * letters fill only part of it: what remains overlaps for the eye too.
 */
const textsScript = `(() => {
  const tolerance = 1;
  const wrong = { outside: [], overlapping: [] };
  const cornersOf = (text) => {
    const { x, y, width, height } = text.getBBox();
    const matrix = text.getScreenCTM();
    const [top, bottom] = [y + 0.22 * height, y + 0.8 * height];
    return [[x, top], [x + width, top], [x + width, bottom], [x, bottom]].map(([a, b]) => [matrix.a * a + matrix.c * b + matrix.e, matrix.b * a + matrix.d * b + matrix.f]);
  };
  /** How deep two convex shapes lie in each other, along the direction in which that is least; 0 or less if they are apart. */
  const depth = (one, other) => {
    let least = Infinity;
    for (const shape of [one, other]) shape.forEach(([x, y], i) => {
      const [nextX, nextY] = shape[(i + 1) % 4];
      const length = Math.hypot(nextX - x, nextY - y) || 1;
      const [normalX, normalY] = [(nextY - y) / length, (x - nextX) / length];
      const range = (corners) => { const along = corners.map(([a, b]) => a * normalX + b * normalY); return [Math.min(...along), Math.max(...along)]; };
      const [[low, high], [otherLow, otherHigh]] = [range(one), range(other)];
      least = Math.min(least, Math.min(high, otherHigh) - Math.max(low, otherLow));
    });
    return least;
  };
  for (const svg of document.querySelectorAll('figure .panels svg')) {
    const name = svg.closest('figure').id + ' / ' + (svg.querySelector('title')?.textContent ?? '');
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '').map((text) => ({ words: text.textContent, corners: cornersOf(text) }));
    for (const { words, corners } of texts) {
      if (corners.some(([x, y]) => x < frame.left - tolerance || x > frame.right + tolerance || y < frame.top - tolerance || y > frame.bottom + tolerance)) wrong.outside.push(name + ': "' + words + '"');
    }
    texts.forEach((one, i) => texts.slice(i + 1).forEach((other) => {
      if (depth(one.corners, other.corners) > tolerance) wrong.overlapping.push(name + ': "' + one.words + '" and "' + other.words + '"');
    }));
  }
  return wrong;
})()`;

/** Checks that every word of a figure is inside it and lies on no other. Folded groups must be open. */
export async function lookAtFigureText(tab: Page): Promise<Look[]> {
  const { outside, overlapping } = await tab.evaluate<{ outside: string[]; overlapping: string[] }>(textsScript);
  return [
    { title: 'no text of a figure is cut by its edge', problems: outside },
    { title: 'no texts of a figure lie on each other', problems: overlapping },
  ];
}
