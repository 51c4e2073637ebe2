import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import util from 'node:util';
import { z } from 'zod';

export const backendNames = ['wasm', 'tensorflow', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];
/** The backend as a parameter of a stage: part of the action key, for it decides what the numbers are. */
export const backendSchema = z.enum(backendNames).default('wasm')
  .describe('wasm: always there. tensorflow: native, if @tensorflow/tfjs-node-gpu or tfjs-node loads. cpu: slow, for checks.');

const require = createRequire(import.meta.url);
let opened: BackendName | undefined;

/**
 * Makes a backend of TensorFlow.js ready in this process. The first one opened stays.
 *
 * On `wasm` supplies the missing kernels and replaces slow and wrong ones.
 *
 * @returns what is open, with its version, for the record.
 * @throws Error that says why the backend does not work here and what to do.
 */
export async function openBackend(name: BackendName): Promise<string> {
  const tf = await import('@tensorflow/tfjs-core');
  const description = `${name}, TensorFlow.js ${tf.version_core}`;
  if (opened === name) return description;
  // In Node the gradients of operations are registered by this package alone.
  await import('@tensorflow/tfjs-layers');
  tf.enableProdMode();
  if (name === 'wasm') await openWasm(tf);
  else if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  else loadNative();
  if (!(await tf.setBackend(name))) throw new Error(`openBackend: the backend ${name} does not start. Use backend wasm.`);
  await tf.ready();
  opened = name;
  return description;
}

async function openWasm(tf: typeof import('@tensorflow/tfjs-core')): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm')) + sep);
  await tf.setBackend('wasm');
  await tf.ready();
  const { supplyWasmKernels } = await import('./wasm/supply-kernels.js');
  supplyWasmKernels();
}

/** @throws Error if neither native package loads. */
function loadNative(): string {
  // These left Node in version 23, and the native packages still call them.
  const missing = { isNullOrUndefined: (x: unknown) => x === null || x === undefined, isArray: Array.isArray };
  for (const [key, value] of Object.entries(missing)) if (!(key in util)) (util as unknown as { [name: string]: unknown })[key] = value;
  const reasons: string[] = [];
  for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) {
    try {
      require(name);
      return name;
    } catch (cause) {
      reasons.push(`${name}: ${(cause as Error).message.split('\n')[0]}`);
    }
  }
  throw new Error(`openBackend: the backend tensorflow needs a native package, and none loads (${reasons.join('; ')}). Install @tensorflow/tfjs-node-gpu where its download is allowed, or use backend wasm.`);
}

/** Says of each backend whether it works on this machine, and if not why. */
export async function describeBackends(): Promise<{ name: BackendName; isAvailable: boolean; detail: string }[]> {
  const native = (() => {
    try {
      return { isAvailable: true, detail: `loaded from ${loadNative()}` };
    } catch (cause) {
      return { isAvailable: false, detail: (cause as Error).message.replace(/^openBackend: /, '') };
    }
  })();
  return [
    { name: 'wasm', isAvailable: true, detail: 'TensorFlow.js in WebAssembly with SIMD, on one core, and our kernels' },
    { name: 'tensorflow', ...native },
    { name: 'cpu', isAvailable: true, detail: 'plain JavaScript, some hundred times slower than wasm: for checks only' },
  ];
}
