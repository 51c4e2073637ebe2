import * as tf from '@tensorflow/tfjs-core';

/** What a step takes in and is called: a layer, or several that are run as one. */
export type GraphStep = { readonly name: string; readonly inputs: readonly string[] };

/**
 * Runs steps in order, and frees each value when its last reader has run, so that memory does not grow with depth.
 *
 * @param steps  Each after those it takes in.
 * @param given  Values that steps before these have given, by name. Not disposed of.
 * @param options.wanted  Names of the values to hand over; they may be among those given.
 * @param options.run  Computes the output of a step, a new tensor.
 * @returns the values wanted, for the caller to dispose of.
 */
export function runSteps<Step extends GraphStep>(
  steps: readonly Step[], given: ReadonlyMap<string, tf.Tensor>, { wanted, run }: { wanted: ReadonlySet<string>; run: (step: Step, inputs: readonly tf.Tensor[]) => tf.Tensor },
): Map<string, tf.Tensor> {
  const values = new Map<string, tf.Tensor>();
  for (const [name, value] of given) values.set(name, tf.clone(value));
  const readsLeft = new Map<string, number>();
  for (const name of steps.flatMap(({ inputs }) => inputs)) readsLeft.set(name, (readsLeft.get(name) ?? 0) + 1);
  const freeIfRead = (name: string): void => {
    if (wanted.has(name) || (readsLeft.get(name) ?? 0) > 0) return;
    values.get(name)?.dispose();
    values.delete(name);
  };
  for (const name of given.keys()) freeIfRead(name);
  for (const step of steps) {
    values.set(step.name, tf.tidy(() => run(step, step.inputs.map((name) => values.get(name)!))));
    for (const name of step.inputs) readsLeft.set(name, readsLeft.get(name)! - 1);
    for (const name of [...step.inputs, step.name]) freeIfRead(name);
  }
  return values;
}

/** The steps that wanted values depend on, in order; what is given needs none. */
export function stepsFor<Step extends GraphStep>(steps: readonly Step[], { wanted, given }: { wanted: ReadonlySet<string>; given: ReadonlyMap<string, unknown> }): Step[] {
  const needed = new Set([...wanted].filter((name) => !given.has(name)));
  const kept: Step[] = [];
  for (const step of [...steps].reverse()) {
    if (!needed.has(step.name)) continue;
    kept.push(step);
    for (const name of step.inputs) if (!given.has(name)) needed.add(name);
  }
  return kept.reverse();
}
