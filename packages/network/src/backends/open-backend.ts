import { z } from 'zod';
import type { Backend, Probe } from './backend.js';
import { cpuBackend } from './cpu/cpu-backend.js';
import { tensorflowBackend } from './tensorflow/tensorflow-backend.js';
import { wasmBackend } from './wasm/wasm-backend.js';
import { webgpuBackend } from './webgpu/webgpu-backend.js';

export const backendNames = ['wasm', 'tensorflow', 'webgpu', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];
/** The backend as a parameter of a stage: part of the action key, for it decides what the numbers are. */
export const backendSchema = z.enum(backendNames).default('wasm')
  .describe('wasm: always there. tensorflow: native, if its package is installed or built (memgeo doctor). webgpu: on a GPU, if its packages and a driver are there. cpu: slow, for checks.');

const backends: { readonly [name in BackendName]: Backend } = { wasm: wasmBackend, tensorflow: tensorflowBackend, webgpu: webgpuBackend, cpu: cpuBackend };

/** What runs, by name: kernels are supplied once. */
const opened = new Map<BackendName, string>();

/**
 * Makes a backend of TensorFlow.js ready in this process, with the kernels it lacks. Tensors belong to the backend they were made in.
 *
 * @param options.threads  Threads within an operation, for backends that have them (tensorflow). Default 1; more may change what sums round to.
 * @returns what is open, with its version, for the record.
 * @throws Error that says why the backend does not work here and what to do.
 */
export async function openBackend(name: BackendName, options: { readonly threads?: number } = {}): Promise<string> {
  const tf = await import('@tensorflow/tfjs-core');
  const known = opened.get(name);
  if (known !== undefined) {
    await tf.setBackend(name);
    return known;
  }
  // In Node the gradients of operations are registered by this package alone.
  await import('@tensorflow/tfjs-layers');
  tf.enableProdMode();
  const running = await backends[name].open(tf, options);
  if (!(await tf.setBackend(name))) throw new Error(`openBackend: the backend ${name} does not start. Use backend wasm.`);
  await tf.ready();
  const description = [name, `TensorFlow.js ${tf.version_core}`, running].filter(Boolean).join(', ');
  opened.set(name, description);
  return description;
}

/** Says of each backend whether it works on this machine, and if not why and what enables it. */
export function describeBackends(): Promise<(Probe & { name: BackendName })[]> {
  return Promise.all(backendNames.map(async (name) => ({ name, ...await backends[name].probe() })));
}
