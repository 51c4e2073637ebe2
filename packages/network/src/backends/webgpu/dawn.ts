/** Of the package `webgpu`, which is optional, what is used here. */
export type Dawn = { readonly create: (flags: readonly string[]) => Gpu; readonly globals: { readonly [name: string]: unknown } };
export type Gpu = { readonly requestAdapter: (options: { powerPreference: 'high-performance' }) => Promise<Adapter | null> };
export type Adapter = { readonly info: AdapterInfo };
export type AdapterInfo = { readonly vendor: string; readonly architecture: string; readonly device: string; readonly description: string; /** Software. */ readonly isFallbackAdapter: boolean };

/** The versions that are tested together. */
export const webgpuPackages = { webgpu: '0.6.2', '@tensorflow/tfjs-backend-webgpu': '4.22.0' } as const;
export const installCommand = `npm install ${Object.entries(webgpuPackages).map(([name, version]) => `${name}@${version}`).join(' ')}`;

/**
 * Starts Dawn in this process, where TensorFlow.js looks for it: `navigator.gpu` and WebGPU's global constants.
 *
 * @returns the name of the adapter.
 * @throws Error if the package does not load or no adapter answers.
 */
export async function startDawn(): Promise<string> {
  // Not a literal, for the package may not be there to be type-checked.
  const { create, globals } = (await import('webgpu' as string)) as Dawn;
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('no adapter answers');
  Object.assign(globalThis, globals);
  // Node has a navigator from version 21 on.
  if (!('navigator' in globalThis)) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true, writable: true });
  return nameAdapter(adapter.info);
}

/** What drivers leave out is left out. */
export function nameAdapter({ vendor, architecture, device, description }: AdapterInfo): string {
  const family = architecture === '' ? '' : `(${[vendor, architecture].filter(Boolean).join(' ')})`;
  return [description || device || vendor, family].filter(Boolean).join(' ') || 'an adapter without a name';
}
