/** Of TensorFlow.js's WebGPU backend what is used here. */
type WebgpuBackend = { readonly device: Device; read: (dataId: object) => Promise<unknown> };
type Device = {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  readonly addEventListener: (type: 'uncapturederror', listener: (event: { readonly error: { readonly message: string }; readonly preventDefault: () => void }) => void) => void;
};

/**
 * Makes reading a tensor fail once the GPU has refused a command.
 *
 * WebGPU reports what it refuses, as a buffer for which there is no memory, beside the program; TensorFlow.js goes on and reads zeros.
 */
export function reportDeviceErrors(backend: object): void {
  const target = backend as WebgpuBackend;
  let failure: string | undefined;
  target.device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    failure ??= event.error.message.split('\n')[0];
  });
  void target.device.lost.then(({ reason, message }) => { failure ??= `the device was lost (${[reason, message.split('\n')[0]].filter(Boolean).join(': ')})`; });
  const read = target.read.bind(target);
  const check = () => {
    if (failure !== undefined) throw new Error(`webgpu: the GPU must carry out every command; it refused one: ${failure.trim()} Lower batchSize, or use backend wasm.`);
  };
  target.read = async (dataId) => {
    try {
      return await read(dataId);
    } finally {
      check();
    }
  };
}
