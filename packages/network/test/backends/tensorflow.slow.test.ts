import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeBackends } from '../../src/index.js';
import type { Steps } from './tensorflow-run.js';
import type { Runs } from './webgpu-run.js';

const here = dirname(fileURLToPath(import.meta.url));
const { isAvailable } = (await describeBackends()).find(({ name }) => name === 'tensorflow')!;

async function run<T>(program: string, ...given: string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@memgeo/source', '--import', 'tsx', join(here, program), ...given], { env: { ...process.env, NODE_OPTIONS: '' }, maxBuffer: 1e8 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}

const largestDifference = (actual: readonly number[], expected: readonly number[]) => Math.max(...expected.map((value, i) => Math.abs(actual[i]! - value)));

(isAvailable ? describe : describe.skip)('native TensorFlow beside wasm', () => {
  let folder: string;
  let [onWasm, onTensorflow]: [Steps?, Steps?] = [];
  let [gradientsOnWasm, gradientsOnTensorflow]: [Runs?, Runs?] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'memgeo-tensorflow-'));
    [onWasm, onTensorflow] = [await run<Steps>('tensorflow-run.ts', 'wasm', folder), await run<Steps>('tensorflow-run.ts', 'tensorflow', folder)];
    [gradientsOnWasm, gradientsOnTensorflow] = [await run<Runs>('webgpu-run.ts', 'wasm'), await run<Runs>('webgpu-run.ts', 'tensorflow')];
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('from the same weights and batches, 50 losses of the quickstart network and those one step later agree within 1e-3', () => {
    const { losses, next } = onTensorflow!.quickstart;
    const expected = onWasm!.quickstart.losses;
    expect(expected).toHaveLength(50);
    expect(expected.at(-1)).toBeLessThan(0.8 * expected[0]!);
    expect(largestDifference(losses, expected)).toBeLessThan(1e-4);
    expect(largestDifference(next, expected.slice(1))).toBeLessThan(1e-3);
  });

  test('50 steps of a perceptron, one after another, agree within 1e-3', () => {
    expect(onWasm!.mlp.at(-1)).toBeLessThan(onWasm!.mlp[0]!);
    expect(largestDifference(onTensorflow!.mlp, onWasm!.mlp)).toBeLessThan(1e-3);
  });

  test('gradients of every kind of step are those of wasm', () => {
    for (const [name, { gradients }] of Object.entries(gradientsOnWasm!.networks)) {
      for (const [parameter, gradient] of Object.entries(gradients)) {
        const scale = Math.max(...gradient.map(Math.abs));
        expect([name, parameter, largestDifference(gradientsOnTensorflow!.networks[name]!.gradients[parameter]!, gradient) < 1e-4 * scale]).toEqual([name, parameter, true]);
      }
    }
  });

  test('training holds no more tensors after 50 steps than after 10', () => {
    expect(onTensorflow!.tensors[1]).toBe(onTensorflow!.tensors[0]);
  });

  test('the record says which TensorFlow ran', () => {
    expect(onTensorflow!.description).toMatch(/^tensorflow, TensorFlow\.js [\d.]+, TensorFlow [\d.]+ on (the CPU|a GPU)$/);
  });
});
