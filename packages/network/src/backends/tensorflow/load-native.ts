import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { nativeBuilds, nativeFolder, nodePackages } from './build/native-folder.js';
import { restoreRemovedFunctions } from './restore-removed-functions.js';

type Place = { readonly name: string; /** File from which it is looked up. */ readonly from: string; readonly title: string };

/**
 * Loads the native package of TensorFlow, which registers its backend: one that is installed, or else one that {@link buildNative} made.
 *
 * A package may be there without its binary, so that only loading tells. TensorFlow reads its settings from the environment when it is loaded.
 *
 * @param options.threads  Threads within an operation.
 * @returns which package was loaded.
 * @throws Error that names, for each package, why it does not load.
 */
export function loadNative({ threads }: { threads: number }): string {
  restoreRemovedFunctions();
  process.env.TF_NUM_INTRAOP_THREADS ??= String(threads);
  process.env.TF_NUM_INTEROP_THREADS ??= '1';
  // Its fast kernels, which it would use by itself on some processors only.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  // On a GPU it would take all memory at once.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  const reasons: string[] = [];
  for (const { name, from, title } of places()) {
    try {
      createRequire(from)(name);
      return title;
    } catch (cause) {
      reasons.push(`${title}: ${(cause as Error).message.split('\n')[0]!.trim()}`);
    }
  }
  throw new Error(`none of its packages loads (${reasons.join('; ')})`);
}

function places(): Place[] {
  const built = nativeBuilds.map((build) => ({ name: nodePackages[build], folder: nativeFolder(build) })).filter(({ folder }) => existsSync(folder));
  return [
    ...nativeBuilds.map((build) => ({ name: nodePackages[build], from: import.meta.url, title: nodePackages[build] })),
    ...built.map(({ name, folder }) => ({ name, from: join(folder, 'package.json'), title: `${name} in ${folder}` })),
  ];
}
