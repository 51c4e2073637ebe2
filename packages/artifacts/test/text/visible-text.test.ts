import fc from 'fast-check';
import { ArtifactError, visibleText } from '../../src/index.js';

test.each([
  ['an escape sequence', '\u001b[2J\u001b]0;title\u0007', '\\u001b[2J\\u001b]0;title\\u0007'],
  ['a line of its own', 'cat\r\nerror: deleted', 'cat\\u000d\\u000aerror: deleted'],
  ['the 8-bit form of an escape', '\u009b31m', '\\u009b31m'],
  ['text turned round', 'a\u202etxt.exe', 'a\\u202etxt.exe'],
  ['half of a pair', 'x\ud800', 'x\\ud800'],
])('visibleText() shows %s and does not send it', (_, text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

test('visibleText() leaves printable text of any script, markup and quotes as they are', () => {
  for (const text of ['Katze "Mimi"', '<script>alert(1)</script>', '猫 🐈‍⬛ قطة', 'é']) expect(visibleText(text)).toBe(text);
});

test('no text makes an ArtifactError drive a terminal', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
    expect(new ArtifactError(`x: ${name}`, { path: name }).message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  }), { numRuns: 500, seed: 1 });
});
