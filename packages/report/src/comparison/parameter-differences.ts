import type { Json } from '@memgeo/artifacts';
import type { LineageNode } from '@memgeo/stage';

type Action = Pick<LineageNode, 'point' | 'params'>;

/** A parameter in which runs differ. */
export type ParameterDifference = {
  /** As in data.permutedFraction: the stage's name in the pipeline, then the keys; or `stage data`, whether a run has it. */
  readonly parameter: string;
  /** Its value in each run, in their order; several values if points of a matrix differ in it, and none if the run has no such parameter. */
  readonly values: readonly string[];
};

/**
 * Lists in what runs differ: first the stages that some have and others have not, then, by name, the parameters that are not the same in all runs that have
 * their stage.
 */
export function parameterDifferences(lineages: readonly (readonly Action[])[]): ParameterDifference[] {
  const stages = lineages.map((lineage) => new Set(lineage.map(({ point }) => stageOf(point))));
  const known = [...new Set(stages.flatMap((names) => [...names]))].sort();
  const partial = known.filter((name) => stages.some((names) => !names.has(name)));
  const perRun = lineages.map(parametersOf);
  const names = [...new Set(perRun.flatMap((parameters) => [...parameters.keys()]))].sort();
  const shared = names.filter((name) => stages.filter((own) => own.has(name.split('.')[0]!)).length > 1);
  return [...partial.map((name) => ({ parameter: `stage ${name}`, values: stages.map((own) => (own.has(name) ? 'yes' : 'no')) })), ...differing(shared, perRun, stages)];
}

/** Parameters whose values differ between the runs that have their stage; empty where a run has not. */
function differing(names: readonly string[], perRun: readonly ReadonlyMap<string, ReadonlySet<string>>[], stages: readonly ReadonlySet<string>[]): ParameterDifference[] {
  return names
    .map((parameter) => ({ parameter, values: perRun.map((parameters) => [...(parameters.get(parameter) ?? [])].join(', ')) }))
    .filter(({ parameter, values }) => new Set(values.filter((_, i) => stages[i]!.has(parameter.split('.')[0]!))).size > 1);
}

/** `geometry[epoch=4]` is a point of `geometry`. */
function stageOf(point: string): string {
  return point.replace(/\[.*$/s, '');
}

/** Each parameter with the values it has over the points of its stage. */
function parametersOf(lineage: readonly Action[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { point, params } of lineage) {
    for (const [name, value] of flatten(params, stageOf(point))) {
      const values = found.get(name);
      if (values === undefined) found.set(name, new Set([value]));
      else values.add(value);
    }
  }
  return found;
}

/** Leaves of nested objects under dotted names; a list is one value. */
function flatten(value: Json, name: string): [name: string, value: string][] {
  if (Array.isArray(value)) return [[name, `[${value.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join(', ')}]`]];
  if (value === null || typeof value !== 'object') return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner as Json, `${name}.${key}`));
}
