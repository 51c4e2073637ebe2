import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { BackendName } from '../../src/index.js';
import type { Runs } from './webgpu-run.js';

/** The software driver that comes with Debian's chromium, with a loader of Vulkan drivers beside it. */
const folder = '/usr/lib/chromium';
const driver = join(folder, 'vk_swiftshader_icd.json');
/** `system` tests the graphics driver of this machine instead: see tools/webgpu/check-gpu.sh. */
const isSystem = process.env.MEMGEO_WEBGPU_DRIVER === 'system';
const isThere = (isSystem || existsSync(driver)) && ['webgpu', '@tensorflow/tfjs-backend-webgpu'].every((name) => {
  try {
    return createRequire(import.meta.url).resolve(name) !== '';
  } catch {
    return false;
  }
});

async function runOn(backend: BackendName): Promise<Runs> {
  const software = { VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver, LD_LIBRARY_PATH: [process.env.LD_LIBRARY_PATH, folder].filter(Boolean).join(':') };
  const env = { ...process.env, NODE_OPTIONS: '', ...(isSystem ? {} : software) };
  const program = join(dirname(fileURLToPath(import.meta.url)), 'webgpu-run.ts');
  // Rejects unless the process ends by itself with code 0, which it does only if Dawn lets go of it.
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@memgeo/source', '--import', 'tsx', program, backend], { env, maxBuffer: 1e8 });
  return JSON.parse(stdout) as Runs;
}

/** Largest difference, relative to the largest value. */
function differenceOf(actual: readonly number[], expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!))) / Math.max(...expected.map(Math.abs));
}

(isThere ? describe : describe.skip)(isSystem ? 'on the driver of this machine' : 'on a software driver', () => {
  let onGpu: Runs;
  let onWasm: Runs;
  beforeAll(async () => {
    [onGpu, onWasm] = [await runOn('webgpu'), await runOn('wasm')];
  });
  const pairs = () => Object.entries(onWasm.networks).map(([name, expected]) => ({ name, actual: onGpu.networks[name]!, expected }));

  test('losses step by step are those of wasm, and so are the logits after the last', () => {
    const { losses } = onWasm.networks.vgg!;
    expect(losses.length).toBe(20);
    expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!);
    for (const { actual, expected } of pairs()) {
      expect(differenceOf(actual.losses, expected.losses)).toBeLessThan(1e-3);
      expect(differenceOf(actual.logits, expected.logits)).toBeLessThan(1e-3);
    }
  });

  test('gradients in training mode are those of wasm', () => {
    for (const { name, actual, expected } of pairs()) for (const [parameter, gradient] of Object.entries(expected.gradients)) expect([name, parameter, differenceOf(actual.gradients[parameter]!, gradient) < 2e-5]).toEqual([name, parameter, true]);
  });

  test('gradients of logits in evaluation mode, and what reaches the last layer, are those of wasm', () => {
    for (const { actual, expected } of pairs()) {
      expect(differenceOf(actual.logitGradient, expected.logitGradient)).toBeLessThan(1e-5);
      expect(differenceOf(actual.inputs, expected.inputs)).toBeLessThan(1e-5);
    }
  });

  test('training holds no more tensors after 20 steps than after 1', () => {
    for (const { actual: { tensors: [first, last] } } of pairs()) expect(last).toBe(first);
  });

  test('what the GPU refuses is an error where its result is read', () => {
    expect(onGpu.refusal).toMatch(/^webgpu: the GPU must carry out every command; it refused one: .* Lower batchSize/);
  });
});
