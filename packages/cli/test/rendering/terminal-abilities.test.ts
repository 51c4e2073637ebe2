import { expect, test } from '@jest/globals';
import { canRewrite, hasColors, hasUnicode } from '../../src/rendering/terminal-abilities.js';

const terminal = { isTTY: true };
const pipe = {};

test.each([
  [terminal, {}, true], [pipe, {}, false],
  [terminal, { NO_COLOR: '1' }, false], [terminal, { NO_COLOR: '' }, true], [terminal, { NO_COLOR: '0' }, false],
  [pipe, { FORCE_COLOR: '1' }, true], [pipe, { FORCE_COLOR: '' }, false], [terminal, { FORCE_COLOR: '0' }, false], [terminal, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  [terminal, { TERM: 'dumb' }, false],
])('hasColors(%j, %j) is %j', (stream, env, expected) => {
  expect(hasColors(stream, env)).toBe(expected);
});

test.each([[terminal, {}, true], [pipe, {}, false], [terminal, { TERM: 'dumb' }, false], [terminal, { CI: 'true' }, false], [terminal, { CI: 'false' }, true], [terminal, { NO_COLOR: '1' }, true]])('canRewrite(%j, %j) is %j', (stream, env, expected) => {
  expect(canRewrite(stream, env)).toBe(expected);
});

test.each([[{ LANG: 'en_US.UTF-8' }, true], [{ LANG: 'C' }, false], [{}, false], [{ LC_ALL: 'C', LANG: 'C.UTF-8' }, false], [{ LC_CTYPE: 'C.utf8' }, true]])('hasUnicode(%j) on Linux is %j', (env, expected) => {
  expect(hasUnicode(env, 'linux')).toBe(expected);
});
