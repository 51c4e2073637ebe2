import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalEncoding, digestValue, type Json } from '../../src/index.js';

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom('', '__proto__', 'constructor', ';', 's1:a;', 'é', 'e\u0301', '\ud800', '\ud801', '\ufffd'), fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 4 }).map((units) => String.fromCharCode(...units)));
const { value: anyJson } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.constantFrom<Json>(null, true, false, 0, 1, '1', 'true', 'null', [], {}), fc.double({ noNaN: true, noDefaultInfinity: true }), anyText,
    fc.array(tie('value'), { maxLength: 4 }), fc.array(fc.tuple(anyText, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries))),
}));

/** Whether two values are the same JSON; written apart from the encoding, on purpose. */
function isSame(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a, b] as unknown as [{ [key: string]: Json }, { [key: string]: Json }];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && isSame(left[key]!, right[key]!));
}

/** The same value with keys of every object in another order. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, item]) => [key, reversed(item)]));
}

/** Values that differ a little: one leaf, one key or one place. */
function neighbors(value: Json): Json[] {
  const near: Json[] = [[value], { '': value }, JSON.stringify(value)];
  if (typeof value === 'string') near.push(`${value} `, value.slice(1), value.normalize('NFD'), value.normalize('NFC'), `s${value.length}:${value};`, Number(value) || 0);
  if (typeof value === 'number') near.push(String(value), -value, value + 1, value === 1);
  if (Array.isArray(value)) near.push(value.slice(1), [...value, null], [value], value.flat() as Json[], { ...value });
  else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as { [key: string]: Json });
    near.push(Object.fromEntries(entries.slice(1)), Object.fromEntries([...entries, ['extra', null]]), entries, entries.map(([, item]) => item));
    for (const [key, item] of entries) near.push(...neighbors(item).slice(0, 4).map((other) => Object.fromEntries(entries.map(([name, old]) => [name, name === key ? other : old]))));
  }
  return near;
}

test('the order of keys never matters, at any depth', () => {
  fc.assert(fc.property(anyJson, (value) => { expect(canonicalEncoding(reversed(value))).toBe(canonicalEncoding(value)); }), { numRuns: 500, seed: 1 });
});

test('what JSON carries to a stage and back has the same encoding', () => {
  fc.assert(fc.property(anyJson, (value) => { expect(canonicalEncoding(JSON.parse(JSON.stringify(value)) as Json)).toBe(canonicalEncoding(value)); }), { numRuns: 500, seed: 2 });
});

test('two values have one encoding, and one digest, exactly if they are the same', () => {
  let pairs = 0;
  fc.assert(fc.property(anyJson, anyJson, (a, b) => {
    for (const other of [b, reversed(a), ...neighbors(a)]) {
      pairs++;
      expect({ a, other, isEqual: canonicalEncoding(a) === canonicalEncoding(other) }).toEqual({ a, other, isEqual: isSame(a, other) });
      expect(digestValue(a) === digestValue(other)).toBe(isSame(a, other));
    }
  }), { numRuns: 1000, seed: 3 });
  expect(pairs).toBeGreaterThan(8000);
});

test('1, "1", true, null, an absent key, [], {} and "" all differ', () => {
  const values: Json[] = [1, '1', true, false, 0, '0', null, 'null', [], {}, '', [null], [[]], [{}], { a: null }, { a: [] }, { a: {} }, { b: null }, ['a', 'b'], ['ab'], ['ab', ''], { a: 'b' }];
  expect(new Set(values.map(canonicalEncoding)).size).toBe(values.length);
});

test('1.0 is 1, 1e2 is 100, and -0 is 0, as they are where stages read them', () => {
  for (const [written, plain] of [['1.0', 1], ['1e2', 100], ['-0', 0], ['-0.0', 0], ['{"a":[-0]}', { a: [0] }]] as const) expect(canonicalEncoding(JSON.parse(written) as Json)).toBe(canonicalEncoding(plain));
});

test('texts differ by code points: normal forms, halves of pairs and the mark that replaces them', () => {
  const texts = ['é', 'e\u0301', '\ud800', '\ud801', '\udc00', '\ufffd', '\ud800\udc00', '\udc00\ud800', 'd800', '\u00c5', '\u212b'];
  expect(new Set(texts.map((text) => digestValue(text))).size).toBe(texts.length);
  expect(new Set(texts.map((text) => digestValue({ [text]: 1 }))).size).toBe(texts.length);
});

test('keys that JavaScript gives a meaning count as any other', () => {
  const [own, plain, other] = ['{"__proto__":{"a":1}}', '{}', '{"__proto__":{"a":2}}'].map((text) => digestValue(JSON.parse(text) as Json));
  expect(new Set([own, plain, other]).size).toBe(3);
});

test('encodings of ordinary values are those of earlier versions, so that stores stay valid', () => {
  expect(canonicalEncoding({ b: [1, 'x', null, true], a: -1.5 })).toBe('o37:k1:a;n4:-1.5;k1:b;a14:n1:1;s1:x;z;t;;;');
  expect(digestValue('é')).toBe(`sha256:${createHash('sha256').update('s1:é;').digest('hex')}`);
});

test.each([
  ['NaN', Number.NaN, TypeError], ['an infinity', -Infinity, TypeError], ['undefined', [undefined], TypeError], ['a hole', new Array(1), TypeError], ['a function', { a: () => 1 }, TypeError], ['a bigint', 1n, TypeError],
  ['a date', new Date(0), TypeError], ['a map', { a: new Map() }, TypeError], ['a typed array', new Uint8Array(2), TypeError],
])('%s is refused, since JSON has no word for it', (_, value, kind) => {
  expect(() => canonicalEncoding(value as unknown as Json)).toThrow(kind);
});

test('a value nested deeper than any reader would follow is refused, and does not end the stack', () => {
  expect(() => canonicalEncoding(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as Json)).toThrow(/nested at most 500 deep/);
});
