import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a module as a thread.
 *
 * From source, as tests and benchmarks run, the thread gets a loader for TypeScript.
 *
 * @param url  Of a module beside the caller's: `new URL(isSource ? './x.ts' : './x.js', import.meta.url)`.
 */
export function startThread(url: URL, options: Pick<WorkerOptions, 'workerData'> = {}): Worker {
  if (!url.pathname.endsWith('.ts')) return new Worker(url, options);
  const fromSource = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); });`;
  return new Worker(fromSource, { ...options, eval: true, execArgv: ['--conditions=@memgeo/source'] });
}
