import { jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ArtifactError, listNpzTensors, readLabels, readTensor } from '../../src/index.js';
import { npyFile, npyHeader, zipFile } from './numpy-files.js';

let folder: string;
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-fuzz-')); });
afterAll(async () => { await rm(folder, { recursive: true, force: true }); });

const floats = npyFile(Float32Array.from({ length: 12 }, (_, i) => i / 3), npyHeader('<f4', [4, 3]));
const labels = npyFile(BigInt64Array.of(3n, 1n, 2n, 1n), npyHeader('<i8', [4]));
const members = { 'acts.npy': { content: floats }, 'y.npy': { content: labels }, 'epoch.npy': { content: npyFile(Int32Array.of(3), npyHeader('<i4', [])) } };
const deflated = Object.fromEntries(Object.entries(members).map(([name, member]) => [name, { ...member, isDeflated: true, isWide: true }]));
const golden = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../golden/npy', name));
const originals: { readonly [name: string]: Buffer } = {
  'f4.npy': floats, 'f8.npy': golden('fortran-f8.npy'), 'i8.npy': golden('big-i8.npy'), 'v3.npy': golden('version-3.npy'), 'names.npy': golden('names-u.npy'),
  'stored.npz': zipFile(members), 'deflated.npz': zipFile(deflated, { isWide: true }), 'numpy.npz': golden('objects.npz'),
};

/** Flips a bit, inserts bytes or digits, removes bytes, cuts off the end, or writes a number over four bytes. */
const mutation = fc.record({
  kind: fc.constantFrom('flip', 'insert', 'digits', 'remove', 'truncate', 'number' as const),
  // In the first 200 bytes, where a .npy file has its header; anywhere; or where a shape begins.
  place: fc.oneof(fc.nat({ max: 200 }).map((at) => ({ at })), fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ share })), fc.constant({ after: "'shape': (" })),
  bit: fc.nat({ max: 7 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  number: fc.constantFrom(0, 1, 0x7fffffff, 0xffffffff, 0xfffffffe, 0x80000000, 0xffff),
});

function mutate(original: Buffer, mutations: readonly (typeof mutation extends fc.Arbitrary<infer M> ? M : never)[]): Buffer {
  return mutations.reduce((bytes, { kind, place, bit, bytes: inserted, number }) => {
    const wanted = 'at' in place ? place.at : 'share' in place ? Math.floor(place.share * bytes.length) : bytes.indexOf(place.after) + place.after.length;
    const at = Math.min(wanted, Math.max(0, bytes.length - 1));
    if (kind === 'insert') return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
    if (kind === 'digits') return Buffer.concat([bytes.subarray(0, at), Buffer.from('9'.repeat(inserted.length)), bytes.subarray(at)]);
    if (kind === 'remove') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + inserted.length)]);
    if (kind === 'truncate') return bytes.subarray(0, at);
    const changed = Buffer.from(bytes);
    if (kind === 'number' && at + 4 <= changed.length) changed.writeUInt32LE(number, at);
    else if (at < changed.length) changed[at]! ^= 1 << bit;
    return changed;
  }, original);
}

/** Counts the bytes of all memory that is asked for at once while `work` runs. */
async function largestAllocation(work: () => Promise<void>): Promise<number> {
  let largest = 0;
  const watched = ['SharedArrayBuffer', 'ArrayBuffer', 'Uint8Array', 'Int32Array'] as const;
  const kept = watched.map((name) => globalThis[name]);
  watched.forEach((name, i) => {
    const construct = (target: new (...args: unknown[]) => object, args: unknown[], newTarget: new () => object): object => {
      if (typeof args[0] === 'number') largest = Math.max(largest, args[0] * (name === 'Int32Array' ? 4 : 1));
      return Reflect.construct(target, args, newTarget === (globalThis[name] as unknown) ? target : newTarget) as object;
    };
    (globalThis as { [name: string]: unknown })[name] = new Proxy(kept[i]!, { construct } as ProxyHandler<typeof ArrayBuffer>);
  });
  const alloc = jest.spyOn(Buffer, 'alloc');
  try {
    await work();
    return Math.max(largest, ...alloc.mock.calls.map(([size]) => size));
  } finally {
    alloc.mockRestore();
    watched.forEach((name, i) => { (globalThis as { [name: string]: unknown })[name] = kept[i]; });
  }
}

test('the bound of memory below would notice an allocation', async () => {
  const path = join(folder, 'whole.npy');
  await writeFile(path, npyFile(new Uint8Array(100_000), npyHeader('|u1', [100, 1000])));
  expect(await largestAllocation(async () => { await readTensor(path, { schema: 'any' }); })).toBe(400_000);
});

test.each(Object.keys(originals))('whatever 250 mutations do to %s, reading it gives a tensor or an ArtifactError, within a bound of memory', async (name) => {
  const path = join(folder, name);
  let [read, refused] = [0, 0];
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      read++;
    } catch (cause) {
      refused++;
      // Jest has its own RangeError beside that of Node.
      if (!(cause instanceof ArtifactError) && (cause as Error).name !== 'RangeError') throw cause;
      if ((cause as Error).message.includes('internal:')) throw cause;
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
    const bytes = mutate(originals[name]!, mutations);
    await writeFile(path, bytes);
    const largest = await largestAllocation(async () => {
      await attempt(() => readTensor(path, { schema: 'any' }));
      await attempt(() => readLabels(path));
      if (name.endsWith('.npz')) await attempt(() => listNpzTensors(path));
    });
    // At most 4 bytes of float32 for each byte of values, of which deflate makes at most 1032 of one; the end of an archive is looked for in 65,557 bytes.
    expect(largest).toBeLessThanOrEqual(Math.max(65_557, (name === 'deflated.npz' ? 1032 : 1) * 4 * bytes.length));
  }), { numRuns: 250, seed: 20 });
  expect(read).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(100);
});
