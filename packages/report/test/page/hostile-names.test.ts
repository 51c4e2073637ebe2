import fc from 'fast-check';
import { rasterize } from '../../src/drawing/rasterize.js';
import { hostileNames } from '../hostile-report.js';
import { fiveNames } from './any-names.js';
import { findStrangers, namesInPlaces } from './find-strangers.js';
import { readPage } from './read-page.js';

/** What is left of a name: all but the characters that XML forbids. */
const shownOf = (name: string): string => name.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '');

test.each(['<script>alert(1)</script>', '__proto__', ''])('a name that stands in every place adds nothing to the page and is shown as it is: %j', (name) => {
  const { tags, problems } = findStrangers(() => name);
  expect(problems).toEqual([]);
  expect(tags.find((tag) => tag.name === 'h1')!.text).toBe(name);
  expect(tags.some((tag) => tag.name === 'dt' && tag.text === name)).toBe(true);
});

test('all hostile names at once add nothing to the page, are shown, and can be drawn', () => {
  const name = hostileNames.join(' ');
  const { tags, figures, problems } = findStrangers(() => name);
  expect(problems).toEqual([]);
  expect(tags.find((tag) => tag.name === 'h1')!.text).toBe(shownOf(name));
  for (const file of ['accuracy-by-epoch', 'distances-by-epoch']) expect(rasterize(figures.get(file)!).length).toBeGreaterThan(1000);
}, 60_000);

test('names of any characters, another in each place, stay text', () => {
  fc.assert(fc.property(fiveNames, (names) => {
    expect(findStrangers(namesInPlaces(names)).problems).toEqual([]);
  }), { numRuns: 4, seed: 13 });
}, 60_000);

test('the reader of pages refuses what a name would have to do', () => {
  for (const broken of ['<p>a <b', '<p onclick=x>', '<p title="a"b">', '<p>a & b</p>', '<!-- a -->', '<p>&lt</p>']) expect(() => readPage(broken)).toThrow('readPage');
  expect(readPage('<p title="&lt;a&gt;">x &amp; y</p>')).toEqual([{ name: 'p', attributes: new Map([['title', '<a>']]), text: 'x & y' }]);
});
