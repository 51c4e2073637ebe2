import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { ReadingWorkbench } from './reading-workbench.js';

const bench = new ReadingWorkbench();

const seeds = [
  `name: good\nparams: { counts: [2, 3], seed: 5 }\nstages:\n  made: { uses: test/source, matrix: { count: "\${params.counts}", kind: [a, b] }, exclude: [{ count: 3, kind: b }], with: { count: "\${matrix.count}", names: ["\${matrix.kind}\${params.seed}"] } }\n  used: { uses: test/use, matrix: { count: "\${params.counts}" }, in: { left: "made[count=\${matrix.count},kind=a].numbers" }, timeout: 5 min, retry: { timeout: 1 } }\n  end: { uses: test/gather, in: { many: ["used[count>=2]", "made[kind!=b|c].numbers"] } }\n`,
  'name: good\nparams:\n  list: &list [1, 2]\n  again: *list\nstages:\n  a:\n    uses: test/source\n    zip:\n      x: [1, 2]\n      y: [a, b]\n    include:\n      - { x: 9, y: z }\n    resources: { threads: 2, memory: 1 GiB }\n  b:\n    uses: "exec:cat -n"\n    in: { a: "a[*].numbers" }\n    formats: { a: csv }\n    outputs:\n      o: { kind: table, schema: o@1, format: csv, columns: { c: int32? } }\n    env: { A: "1" }\n',
];
const pieces = ['__proto__', 'constructor', '${', '}', '${params.', '[', ']', '{', '}', '*', '&a ', '*a', ': ', '\n', '\n  ', '- ', '? ', '!!', '<<: ', '"', '\'', '|', '>', '%', '@', '`', '\t', '\0', '\ud800', '\u2028', '.nan', '1e999', '-0', 'null', '~', '=', '!=', '>=', ',', '---\n', '#', 'exec:', './x', '..', '0', '-1', '[*]', 'null:', 'matrix', 'include: ', 'zip: ', 'true', '\u00e9'];
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(2000), text: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 })), length: fc.constant(0) }),
  fc.record({ kind: fc.constant('delete' as const), at: fc.nat(2000), text: fc.constant(''), length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(2000), text: fc.constant(''), length: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ kind: fc.constant('replace' as const), at: fc.nat(2000), text: fc.constantFrom(...pieces), length: fc.integer({ min: 1, max: 12 }) }),
);
const mutate = (text: string, { kind, at, text: piece, length }: { kind: string; at: number; text: string; length: number }): string => {
  const place = at % (text.length + 1);
  const cut = text.slice(place, place + length);
  return text.slice(0, place) + (kind === 'insert' ? piece : kind === 'repeat' ? cut + cut : kind === 'replace' ? piece : '') + text.slice(kind === 'insert' ? place : place + length);
};

/** Reads a file that should be read or refused with a line; whatever else happens fails. */
async function tryReading(content: string | Uint8Array, counts: { read: number; refused: number }): Promise<void> {
  const message = await bench.wrong(bench.read(content)).catch((cause: Error) => {
    if (cause.message === 'nothing was wrong') return undefined;
    throw cause;
  });
  if (message === undefined) counts.read++;
  else if (!/^\d+: /.test(message)) throw new Error(`no line: ${message}`);
  else counts.refused++;
}

test('4,000 files with changed characters are read or refused by a PipelineError with a line, and nothing else', async () => {
  const counts = { read: 0, refused: 0 };
  await fc.assert(fc.asyncProperty(fc.constantFrom(...seeds), fc.array(mutation, { minLength: 1, maxLength: 3 }), async (seed, mutations) => {
    await tryReading(Buffer.from(mutations.reduce(mutate, seed)), counts);
  }), { seed: 7, numRuns: 4000 });
  process.stderr.write(`changed characters: ${JSON.stringify(counts)}\n`);
  expect(counts.read).toBeGreaterThan(30);
});

test('4,000 files with changed keys and values are read or refused by a PipelineError with a line, and nothing else', async () => {
  const counts = { read: 0, refused: 0 };
  const words = fc.oneof(fc.constantFrom(...pieces, 'made', 'made[*]', 'made[count=2]', 'used[count<3]', 'a[x>=1].numbers', '${params.counts}', '${matrix.count}', '${matrix}', 'test/source', 'test/use', 'csv', '5 min'), fc.string({ unit: 'binary', maxLength: 6 }));
  const values = fc.oneof(words, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), fc.array(words, { maxLength: 3 }), fc.dictionary(words.filter((word) => word !== '__proto__'), fc.oneof(words, fc.integer()), { maxKeys: 3 }));
  const change = fc.record({ way: fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }), how: fc.constantFrom('set', 'remove', 'rename', 'add'), key: words, value: values });
  await fc.assert(fc.asyncProperty(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 2 }), async (seed, changes) => {
    const tree = parse(seed) as { [key: string]: unknown };
    for (const one of changes) alter(tree, one);
    await tryReading(JSON.stringify(tree), counts);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  }), { seed: 9, numRuns: 4000 });
  process.stderr.write(`changed values: ${JSON.stringify(counts)}\n`);
  expect(counts.read).toBeGreaterThan(400);
});

test('2,000 files of arbitrary bytes are refused by a PipelineError with a line', async () => {
  const counts = { read: 0, refused: 0 };
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) => tryReading(bytes, counts)), { seed: 8, numRuns: 2000 });
  expect(counts).toEqual({ read: 0, refused: 2000 });
});

/** Changes the map or list at the end of a way of places, which are taken modulo what there is. */
function alter(tree: { [key: string]: unknown }, { way, how, key, value }: { way: readonly number[]; how: string; key: string; value: unknown }): void {
  let inside = tree;
  for (const [depth, place] of way.entries()) {
    const keys = Object.keys(inside);
    if (keys.length === 0) return;
    const chosen = keys[place % keys.length]!;
    const next = inside[chosen];
    if (depth < way.length - 1 && next !== null && typeof next === 'object') {
      inside = next as { [key: string]: unknown };
      continue;
    }
    if (how === 'add' || how === 'rename') Object.defineProperty(inside, Array.isArray(inside) ? String(keys.length) : key, { value: how === 'add' ? value : next, enumerable: true, configurable: true, writable: true });
    if (how === 'set') inside[chosen] = value;
    if ((how === 'remove' || how === 'rename') && !Array.isArray(inside)) delete inside[chosen];
    return;
  }
}
