import { describe, expect, test } from '@jest/globals';
import { parseByteSize, parseDuration } from '../src/reading/quantities.js';
import { passingFailures } from '../src/running/failure.js';
import { ReadingWorkbench } from './reading-workbench.js';

const bench = new ReadingWorkbench();
const policiesOf = async (more: string) => (await bench.readStages({ a: `{ uses: test/source${more} }` }, '{ t: 5, m: 2 GiB }')).points.map(({ policy }) => policy);

describe('how a stage is run', () => {
  test('is as the stage declares, without timeout and retries, where the pipeline says nothing', async () => {
    expect(await policiesOf('')).toEqual([{ resources: { threads: 1 }, timeoutMs: undefined, retries: {} }]);
  });

  test('is as the pipeline says', async () => {
    expect(await policiesOf(', timeout: 90 min, retry: { out-of-memory: 1, timeout: 2 }, resources: { threads: 2, memory: 4 GiB, accelerators: 1 }')).toEqual([
      { resources: { threads: 2, memoryBytes: 4 * 2 ** 30, accelerators: 1 }, timeoutMs: 5_400_000, retries: { 'out-of-memory': 1, timeout: 2 } },
    ]);
    expect(await policiesOf(', timeout: "${params.t}", resources: { memory: "${params.m}" }')).toMatchObject([{ timeoutMs: 5000, resources: { threads: 1, memoryBytes: 2 ** 31 } }]);
  });

  test('may differ from point to point', async () => {
    expect((await policiesOf(', matrix: { n: [1, 2] }, timeout: "${matrix.n} h", resources: { threads: "${matrix.n}" }')).map(({ timeoutMs, resources }) => [timeoutMs, resources.threads])).toEqual([[3_600_000, 1], [7_200_000, 2]]);
  });

  test('a number of retries is for failures that may pass by themselves', async () => {
    const [policy] = await policiesOf(', retry: 2');
    expect(policy!.retries).toEqual(Object.fromEntries(passingFailures.map((kind) => [kind, 2])));
    expect(policy!.retries).not.toHaveProperty('error');
  });

  test.each([
    [', timeout: soon', /^4: stages\.a\.timeout: must be a time from 1 ms to 24 d, as in 45 s, 90 min or 2 h, or a number of seconds; got "soon"\.$/],
    [', timeout: 0', /stages\.a\.timeout: must be a time/],
    [', timeout: -1', /stages\.a\.timeout: must be a time/],
    [', timeout: 1e9', /must be a time from 1 ms to 24 d/],
    [', timeout: 5 minutes', /must be a time/],
    [', timeout: .inf', /a number must be finite; got \.inf/],
    [', timeout: [1]', /stages\.a\.timeout: must be a time, as in 90 min, or a number of seconds; got \[1\]/],
    [', timeout: "${params.x}"', /stages\.a\.timeout: \$\{params\.x\} names nothing\. Did you mean "params\.[tm]"/],
    [', retry: -1', /stages\.a\.retry/],
    [', retry: 1.5', /stages\.a\.retry/],
    [', retry: { out-of-memmory: 1 }', /unknown key "out-of-memmory" in stages\.a\.retry\. Did you mean "out-of-memory"\?/],
    [', resources: { threads: 0 }', /stages\.a\.resources\.threads/],
    [', resources: { threads: "${params.m}" }', /stages\.a\.resources\.threads: must be a whole number, 1 or more; got "2 GiB"/],
    [', resources: { memory: lots }', /stages\.a\.resources\.memory: must be a size, as in 512 MiB or 4 GiB, or a number of bytes; got "lots"/],
    [', resources: { memory: 4 GIB }', /must be a size/],
    [', resources: { accelerators: -1 }', /stages\.a\.resources\.accelerators/],
    [', resources: { memry: 4 GiB }', /unknown key "memry" in stages\.a\.resources\. Did you mean "memory"\?/],
    [', timeuot: 1', /unknown key "timeuot" in stages\.a\. Did you mean "timeout"\?/],
  ])('%s', async (more, message) => {
    expect(await bench.wrong(policiesOf(more))).toMatch(message);
  });

  test('times and sizes have the usual units', () => {
    expect([1.5, '250 ms', '45s', '1.5 min', '2 h', '1 d', '7'].map(parseDuration)).toEqual([1500, 250, 45_000, 90_000, 7_200_000, 86_400_000, 7000]);
    expect([1024, '1 kB', '1 KiB', '1.5 MiB', '4GiB', '1 TB', '512'].map(parseByteSize)).toEqual([1024, 1000, 1024, 1_572_864, 4 * 2 ** 30, 1e12, 512]);
    for (const wrong of ['', 'x', '1 constructor', '1e3 s', '1 s s', '- 1 s', NaN]) expect(() => parseDuration(wrong)).toThrow(RangeError);
  });
});
