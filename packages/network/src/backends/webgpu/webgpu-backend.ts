import type { Backend } from '../backend.js';
import { startDawn } from './dawn.js';
import { reportDeviceErrors } from './device-errors.js';
import { probeAdapter } from './probe-adapter.js';

export const webgpuBackend: Backend = {
  open: async (tf) => {
    let adapter: string;
    try {
      adapter = await startDawn();
      // Not a literal, for the package may not be there to be type-checked. It looks for navigator.gpu when it is loaded.
      await import('@tensorflow/tfjs-backend-webgpu' as string);
    } catch (cause) {
      const { isAvailable, detail, remedy } = await probeAdapter();
      const reason = isAvailable ? (cause as Error).message.split('\n')[0] : detail;
      throw new Error(`openBackend: the backend webgpu must have its packages and a graphics driver; ${reason}. ${remedy === undefined ? 'Use backend wasm.' : `Run ${remedy}, or use backend wasm.`}`, { cause });
    }
    await tf.setBackend('webgpu');
    await tf.ready();
    reportDeviceErrors(tf.backend());
    const { supplyWebgpuPrograms } = await import('./supply-programs.js');
    supplyWebgpuPrograms();
    return adapter;
  },
  probe: probeAdapter,
};
