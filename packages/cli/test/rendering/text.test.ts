import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanLine, cleanLines } from '../../src/rendering/clean-text.js';
import { styledLine, type Span, type Style } from '../../src/rendering/styled-line.js';
import { textWidth, truncate, truncateMiddle } from '../../src/rendering/text-width.js';
import { wrapText } from '../../src/rendering/wrap-text.js';
import { anyText } from './arbitraries.js';

test.each([['abc', 3], ['中文', 4], ['é', 1], ['e\u0301', 1], ['👩‍👩‍👧', 2], ['✓ …', 3], ['한국', 4], ['\u200b', 0]])('textWidth(%j) is %d', (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test('text from data cannot move the cursor, color, ring, name the window or turn the direction of writing', () => {
  expect(cleanLine('\u001b[31mred\u001b[0m \u001b[2J\u0007x\r\ny\tz \u001b]0;title\u0007\u202egnp\ud800')).toBe('red x y z  gnp');
  expect(cleanLines('a\r\nb\u001b[A\n\tc\n\n')).toEqual(['a', 'b', '  c']);
  fc.assert(fc.property(anyText, (text) => {
    for (const line of [cleanLine(text), ...cleanLines(text)]) expect(line).not.toMatch(/\p{Cc}|\u202e/u);
  }), { seed: 1, numRuns: 500 });
});

test('what is cut off shows as an ellipsis, and a wide character is not halved', () => {
  expect(truncate('abcdef', 4)).toBe('abc…');
  expect(truncate('中文字', 4)).toBe('中…');
  expect(truncateMiddle('network=wide,seed=1', 11)).toBe('netwo…eed=1');
  expect(truncate('abcdef', 4, '...')).toBe('a...');
  expect(truncate('abcdef', 2, '...')).toBe('');
});

test('a styled line is never wider than asked for, and its colors do not change its text', () => {
  const span = fc.tuple(anyText, fc.constantFrom<Style | undefined>(undefined, 'red', 'dim')).map(([text, style]): Span => (style === undefined ? text : [text, style]));
  fc.assert(fc.property(fc.array(span, { maxLength: 6 }), fc.nat(120), fc.constantFrom('…', '...'), (spans, columns, ellipsis) => {
    const plain = styledLine(spans, { columns, colors: false, ellipsis });
    expect(textWidth(plain)).toBeLessThanOrEqual(columns);
    expect(styledLine(spans, { columns, colors: true, ellipsis }).replaceAll(/\u001b\[\d+m/g, '')).toBe(plain);
  }), { seed: 1, numRuns: 500 });
});

test('every color that is switched on is switched off again in the same line', () => {
  expect(styledLine(['a ', ['failed', 'red'], [' and more', 'dim']], { columns: 10, colors: true })).toBe('a \u001b[31mfailed\u001b[39m\u001b[2m …\u001b[22m');
});

test('long lines break between words; paths and commands stay whole', () => {
  expect(wrapText('  one two three four', 12)).toEqual(['  one two', '    three', '    four']);
  expect(wrapText('see /a/very/long/path/indeed now', 10)).toEqual(['see', '  /a/very/long/path/indeed', '  now']);
});
