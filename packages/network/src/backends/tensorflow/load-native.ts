import { createRequire } from 'node:module';
import { restoreRemovedFunctions } from './restore-removed-functions.js';

/** In order of preference. */
export const nativePackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/**
 * Loads the native package of TensorFlow, which registers its backend. A package may be there without its binary, so that only loading tells.
 *
 * @returns the name of the package.
 * @throws Error that names, for each package, why it does not load.
 */
export function loadNative(): string {
  restoreRemovedFunctions();
  const require = createRequire(import.meta.url);
  const reasons: string[] = [];
  for (const name of nativePackages) {
    try {
      require(name);
      return name;
    } catch (cause) {
      reasons.push(`${name}: ${(cause as Error).message.split('\n')[0]}`);
    }
  }
  throw new Error(`none of its packages loads (${reasons.join('; ')})`);
}
