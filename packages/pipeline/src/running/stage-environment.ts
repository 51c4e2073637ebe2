/** Names of environment variables that a stage is given if the runner has them; of all others it learns nothing. */
const passedOn: readonly (string | RegExp)[] = [
  'PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TMP', 'TEMP', 'TZ', 'LANG', 'LANGUAGE', /^LC_/, 'NO_COLOR', 'FORCE_COLOR', 'TERM',
  // Where libraries, accelerators and their caches are, and how many threads they use.
  'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', /^CUDA_/, /^NVIDIA_/, /^ROCR?_/, /^HIP_/, /^TF_/, /^XLA_/, /^VK_/, /^(OMP|MKL|OPENBLAS|NUMEXPR)_NUM_THREADS$/, 'XDG_CACHE_HOME', 'XDG_RUNTIME_DIR', 'VIRTUAL_ENV', 'CONDA_PREFIX',
  // Windows does not start programs without these.
  'SystemRoot', 'SYSTEMROOT', 'ComSpec', 'PATHEXT', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA',
  'NODE_EXTRA_CA_CERTS', 'MEMGEO_FAULT',
];

/**
 * The environment of a stage's process.
 *
 * @param accelerators  Numbers of the ones it was granted, and how many there are.
 */
export function stageEnvironment(accelerators: { readonly granted: readonly number[]; readonly count: number }, from: NodeJS.ProcessEnv = process.env): { [name: string]: string } {
  const kept = Object.entries(from).filter(([name, value]) => value !== undefined && passedOn.some((pattern) => (typeof pattern === 'string' ? pattern === name : pattern.test(name)))) as [string, string][];
  const environment = { ...Object.fromEntries(kept), MEMGEO_RUNNER_PIPE: '1' };
  if (accelerators.granted.length === 0 || accelerators.count <= 1) return environment;
  const visible = from.CUDA_VISIBLE_DEVICES?.split(',').filter((id) => id !== '');
  return { ...environment, CUDA_VISIBLE_DEVICES: accelerators.granted.map((number) => visible?.[number] ?? String(number)).join(',') };
}
