import { randomStream } from '../../src/index.js';

const sampleCount = 100_000;

test('randomStream() gives the same numbers for the same seed and names', () => {
  const [a, b] = [randomStream(7, 'shuffle', 3), randomStream(7, 'shuffle', 3)];
  for (let i = 0; i < 100; i++) expect(a.nextUint32()).toBe(b.nextUint32());
});

test('randomStream() keeps its numbers from release to release', () => {
  const stream = randomStream(1, 'golden');
  expect([stream.nextUint32(), stream.nextUint32(), stream.nextUint32()]).toMatchInlineSnapshot(`
[
  2114121219,
  612653585,
  148328157,
]
`);
});

test('randomStream() tells names apart by type and by boundary', () => {
  const first = (...names: (string | number)[]): number => randomStream(1, ...names).nextUint32();
  const draws = [first('ab', 'c'), first('a', 'bc'), first('abc'), first('1'), first(1), first()];
  expect(new Set(draws).size).toBe(draws.length);
});

test('fork() does not depend on how much has been drawn', () => {
  const [fresh, drawn] = [randomStream(1, 'x'), randomStream(1, 'x')];
  drawn.nextNormal();
  expect(drawn.fork('y').nextUint32()).toBe(fresh.fork('y').nextUint32());
  expect(fresh.fork('y').nextUint32()).toBe(randomStream(1, 'x', 'y').nextUint32());
});

test('nextUniform() has mean 1/2 and variance 1/12 within four standard errors', () => {
  const stream = randomStream(2, 'uniform');
  let [sum, squares, outside] = [0, 0, 0];
  for (let i = 0; i < sampleCount; i++) {
    const u = stream.nextUniform();
    if (!(u >= 0 && u < 1)) outside++;
    sum += u;
    squares += (u - 0.5) ** 2;
  }
  expect(outside).toBe(0);
  expect(Math.abs(sum / sampleCount - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / sampleCount));
  expect(Math.abs(squares / sampleCount - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / sampleCount));
});

test('nextNormal() has the first four moments of a standard normal within four standard errors', () => {
  const draws = randomStream(3, 'normal').fillNormal(new Float64Array(sampleCount));
  const moment = (k: number): number => draws.reduce((sum, x) => sum + x ** k, 0) / sampleCount;
  const standardError = (k: number, expected: number): number => Math.sqrt((doubleFactorial(2 * k - 1) - expected ** 2) / sampleCount);
  for (const [k, expected] of [[1, 0], [2, 1], [3, 0], [4, 3]] as const) {
    expect(Math.abs(moment(k) - expected)).toBeLessThan(4 * standardError(k, expected));
  }
});

test('streams with different names are uncorrelated within four standard errors', () => {
  const a = randomStream(1, 'layer', 1).fillNormal(new Float64Array(sampleCount));
  const b = randomStream(1, 'layer', 2).fillNormal(new Float64Array(sampleCount));
  const correlation = a.reduce((sum, x, i) => sum + x * b[i]!, 0) / sampleCount;
  expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(sampleCount));
});

test('shuffle() makes every order of three items equally likely within four standard errors', () => {
  const stream = randomStream(4, 'orders');
  const counts = new Map<string, number>();
  for (let i = 0; i < 60_000; i++) {
    const order = stream.shuffle([0, 1, 2]).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(4 * Math.sqrt(60_000 * (1 / 6) * (5 / 6)));
});

test.each([0, -1, 1.5, 2 ** 32 + 1, Number.NaN])('nextInteger() refuses the bound %p', (bound) => {
  expect(() => randomStream(1).nextInteger(bound)).toThrow(/nextInteger: bound must be an integer in \[1, 2\^32\]; got/);
});

test.each([-1, 0.5, Number.NaN, 2 ** 53])('randomStream() refuses the seed %p', (seed) => {
  expect(() => randomStream(seed)).toThrow(/randomStream: seed must be an integer/);
});

function doubleFactorial(n: number): number {
  return n <= 1 ? 1 : n * doubleFactorial(n - 2);
}
