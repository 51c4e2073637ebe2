import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Probe } from '../backend.js';
import { installCommand, nameAdapter, webgpuPackages, type AdapterInfo } from './dawn.js';

/** A driver that starts takes a second or two. */
const patienceMs = 20_000;
/** Most output of the probing process that is kept. */
const longestOutput = 1e5;

/** Opens a device too: an adapter may answer whose driver is too old for one. */
const program = `
const { create } = await import(process.argv[1]);
const adapter = await create([]).requestAdapter({ powerPreference: 'high-performance' });
const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
const opened = await adapter?.requestDevice();
process.stdout.write(JSON.stringify(adapter ? { vendor, architecture, device, description, isFallbackAdapter } : null));
opened?.destroy();
`;

/**
 * Says whether a GPU answers through WebGPU, which, and whether it is one or software.
 *
 * Asks in a process of its own with a time limit, for a driver that fails may take its process with it or never return.
 */
export async function probeAdapter(): Promise<Probe> {
  const require = createRequire(import.meta.url);
  const paths: string[] = [];
  for (const name of Object.keys(webgpuPackages)) {
    try {
      paths.push(require.resolve(name));
    } catch {
      return { isAvailable: false, detail: `the package ${name} is not installed`, remedy: installCommand };
    }
  }
  const { code, signal, stdout, stderr } = await run([pathToFileURL(paths[0]!).href]);
  const adapter = code === 0 ? parse(stdout) : undefined;
  return adapter ? describeAdapter(adapter) : explain({ code, signal, stderr });
}

/** @param adapter  What Dawn says of it. */
export function describeAdapter(adapter: AdapterInfo): Probe {
  const name = nameAdapter(adapter);
  const isSoftware = adapter.isFallbackAdapter;
  return { isAvailable: true, isRecommended: !isSoftware, detail: isSoftware ? `${name}, a software driver, far slower than wasm: for checks only` : name };
}

/** Why no adapter answered, from how the probing process ended and the warnings of Dawn. */
export function explain({ code, signal, stderr }: { code: number | null; signal: NodeJS.Signals | null; stderr: string }): Probe {
  const because = (detail: string, remedy?: string): Probe => ({ isAvailable: false, detail, ...(remedy === undefined ? {} : { remedy }) });
  const errors = stderr.split('\n').filter((line) => /error/i.test(line));
  if (signal === 'SIGKILL') return because(`the graphics driver does not answer within ${patienceMs / 1000} s`);
  if (signal !== null) return because(`the graphics driver ends the process (${signal})`);
  if (code !== 0) return because(`Dawn does not start: ${errors[0]?.trim() ?? `exit code ${code}`}`);
  if (/libvulkan\S*: cannot open shared object/.test(stderr)) return because('the loader of Vulkan drivers, libvulkan.so.1, is not installed', 'apt-get install libvulkan1');
  return because('no graphics driver answers; on Linux it must have a Vulkan driver, listed in /usr/share/vulkan/icd.d, /etc/vulkan/icd.d or VK_DRIVER_FILES');
}

function parse(text: string): AdapterInfo | undefined {
  try {
    return (JSON.parse(text) as AdapterInfo | null) ?? undefined;
  } catch {
    return undefined;
  }
}

type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly stdout: string; readonly stderr: string };

function run(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: patienceMs, killSignal: 'SIGKILL', env: { ...process.env, NODE_OPTIONS: '' } });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout = (stdout + text).slice(-longestOutput); });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr = (stderr + text).slice(-longestOutput); });
    child.on('error', (cause) => resolve({ code: 1, signal: null, stdout, stderr: `Error: ${cause.message}` }));
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
