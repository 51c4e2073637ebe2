import { PipelineError } from '../pipeline-error.js';
import type { YamlFile } from './document.js';
import { nearest } from './validate.js';

/**
 * Applies what `--set` gives: `params.NAME=VALUE`, or `stages.STAGE.with.NAME=VALUE`, both also deeper inside a value.
 *
 * @throws PipelineError for another key, and for a parameter or stage that the file has not.
 */
export function applyOverride(file: YamlFile, override: string): void {
  const split = override.indexOf('=');
  const keys = override.slice(0, Math.max(split, 0)).split('.');
  const isParam = keys[0] === 'params' && keys.length >= 2;
  const isStage = keys[0] === 'stages' && keys.length >= 4 && keys[2] === 'with';
  if (split < 1 || (!isParam && !isStage)) throw new PipelineError(`--set must be params.NAME=VALUE or stages.STAGE.with.NAME=VALUE; got "${override}".`, { path: file.path });
  const known = keysOf(keysOf(file.value)[keys[0]!]);
  if (!Object.hasOwn(known, keys[1]!)) throw new PipelineError(`--set ${override}: there is no ${isParam ? 'parameter' : 'stage'} "${keys[1]}".${nearest(keys[1]!, Object.keys(known))}`, { path: file.path });
  file.set(keys, override.slice(split + 1));
}

function keysOf(value: unknown): { readonly [key: string]: unknown } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as { [key: string]: unknown }) : {};
}
