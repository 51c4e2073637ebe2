import { differences } from '../planning/differences.js';
import type { CodeFiles } from '../keys/code-digest.js';
import type { Reason } from '../planning/reasons.js';
import type { Action } from '../store/record.js';
import { inputContents, nameOfMade, type RecordIndex } from './record-index.js';

/** A difference and, where it came in by an input, what began it. */
export type Cause = { readonly reason: Reason; readonly because: readonly Origin[] };

/**
 * Why an input is another one.
 *
 * - `remade`: what makes it is another action now, and `causes` says in what. `first`: it will be made before.
 * - `exchanged`: another output or member of the same action, or another point, is taken.
 * - `not-repeated`: the same action was done again and came out different.
 * - `forgotten`: what made it before is not known any more.
 */
export type Origin = {
  readonly kind: 'remade' | 'first' | 'exchanged' | 'not-repeated' | 'forgotten';
  /** The point that makes it now. */
  readonly point: string;
  readonly text: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly causes: readonly Cause[];
};

type InputMaker = ReturnType<ReturnType<RecordIndex['inputMakers']>>;

/** An action with the keys of what made its inputs. */
export type Done = { readonly action: Action; readonly upstream: readonly string[] };

/** Finds the causes of differences between actions, through what made their inputs. */
export class CauseFinder {
  readonly #index: RecordIndex;
  readonly #codeFiles: (code: string) => CodeFiles | undefined;
  readonly #known = new Map<string, readonly Cause[]>();

  /** @param codeFiles  Says which files a code digest was made of; asked for codes that nothing was run with yet, too. */
  constructor(index: RecordIndex, codeFiles: (code: string) => CodeFiles | undefined) {
    this.#index = index;
    this.#codeFiles = codeFiles;
  }

  /** How two actions differ, and why their inputs do. */
  between(before: Done, after: Done): readonly Cause[] {
    const codeFiles = { before: this.#codeFiles(before.action.code), after: this.#codeFiles(after.action.code) };
    return differences(before.action, after.action, codeFiles).map((reason) => ({ reason, because: this.originsOf(reason, before, after) }));
  }

  /** Why the input that a reason names is another one; nothing for other reasons, and for inputs that are new or gone. */
  originsOf(reason: Reason, before: Done, after: Done): readonly Origin[] {
    const port = reason.kind === 'input' ? /^in\.([\w-]+)/.exec(reason.field ?? '')?.[1] : undefined;
    const [old, now] = port === undefined ? [] : [before.action.inputs[port], after.action.inputs[port]];
    if (old === undefined || now === undefined) return [];
    const oldDigests = new Map(inputContents(old).map(({ label, digest }) => [label, digest]));
    const [oldMaker, newMaker] = [this.#index.inputMakers(before.upstream), this.#index.inputMakers(after.upstream)];
    const origins = new Map<string, Origin>();
    for (const { label, digest } of inputContents(now)) {
      const oldDigest = oldDigests.get(label);
      if (oldDigest === undefined || oldDigest === digest) continue;
      const origin = this.#origin(oldMaker(oldDigest), newMaker(digest), before.upstream);
      if (origin && !origins.has(`${origin.before} ${origin.after} ${origin.text}`)) origins.set(`${origin.before} ${origin.after} ${origin.text}`, origin);
    }
    return [...origins.values()];
  }

  #origin(before: InputMaker, after: InputMaker, upstreamBefore: readonly string[]): Origin | undefined {
    if (!after) return undefined;
    const { key, point, reasons, action } = after.record;
    if (!before) {
      const unknown = { point, before: null, after: key };
      if (!upstreamBefore.includes(key)) return { kind: 'forgotten', ...unknown, text: `what made it before is not known any more; now it is ${nameOfMade(after)}`, causes: [] };
      return { kind: 'not-repeated', ...unknown, text: `${point} was made again (${reasons.map(({ text }) => text).join('; ')}) and came out different, though nothing it depends on had changed`, causes: [] };
    }
    const keys = { point, before: before.record.key, after: key };
    if (before.record.key === key) return { kind: 'exchanged', ...keys, text: `it takes ${nameOfMade(after)}, not ${nameOfMade(before)}`, causes: [] };
    const causes = before.record.action.stage === action.stage ? this.#betweenRecords(before.record.key, key) : [];
    if (before.record.point === point) return { kind: 'remade', ...keys, text: `${point} ran again`, causes };
    return { kind: 'exchanged', ...keys, text: `it takes ${nameOfMade(after)}, not ${nameOfMade(before)}`, causes };
  }

  #betweenRecords(before: string, after: string): readonly Cause[] {
    const pair = `${before} ${after}`;
    let found = this.#known.get(pair);
    if (!found) this.#known.set(pair, (found = this.between(this.#index.get(before)!, this.#index.get(after)!)));
    return found;
  }
}

export type Root = { readonly point: string; readonly text: string };

/** What began it: the ends of all chains of causes. `point` is the one the causes are about. */
export function rootsOf(point: string, causes: readonly Cause[]): readonly Root[] {
  const roots = new Map<string, Root>();
  const visit = (about: string, inner: readonly Cause[]): void => {
    for (const { reason, because } of inner) {
      if (because.length === 0) roots.set(`${about}: ${reason.text}`, { point: about, text: reason.text });
      for (const origin of because) {
        if (origin.causes.length === 0) roots.set(`${about}: ${origin.text}`, { point: about, text: `${reason.field ?? reason.text}: ${origin.text}` });
        else visit(origin.point, origin.causes);
      }
    }
  };
  visit(point, causes);
  return [...roots.values()];
}

/** The name of the stage of a point, as in geometry of geometry[epoch=4]. */
export function stageNameOf(point: string): string {
  return point.split('[', 1)[0]!;
}
