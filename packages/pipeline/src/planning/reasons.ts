import type { Json } from '@memgeo/artifacts';

/** Why a point has to run. Programs read the fields, people the text. */
export type Reason = {
  /**
   * - `new`: nothing of this point is known. `stage`, `version`, `code`, `param`, `input`, `file`: it differs from what was done before in that.
   * - `missing`: a stored result is gone. `damaged`: it is not what was stored. `record`: the record of it is gone.
   * - `forced`: by `--force`. `failed`: its last try failed. `upstream`: what it needs runs first. `impossible`: it can't run, and why.
   * - `format`: the meaning of keys changed.
   */
  readonly kind: 'new' | 'stage' | 'version' | 'code' | 'param' | 'input' | 'file' | 'missing' | 'damaged' | 'record' | 'forced' | 'failed' | 'upstream' | 'impossible' | 'format';
  /** What differs, as in `with.learningRate`, `in.activations` or the file of the code. */
  readonly field?: string;
  readonly before?: Json;
  readonly after?: Json;
  readonly text: string;
};

/** Whether reasons say that a point can't run. */
export function isImpossible(reasons: readonly { readonly kind: string }[]): boolean {
  return reasons.some(({ kind }) => kind === 'impossible');
}
