import type { Json } from '@memgeo/artifacts';
import type { LineageNode } from '@memgeo/stage';

/** A parameter in which runs differ. */
export type ParameterDifference = {
  /** As in data.permutedFraction: the stage's name in the pipeline, then the keys. */
  readonly parameter: string;
  /** Its value in each run, in their order; several values if points of a matrix differ in it, and none if the run has no such parameter. */
  readonly values: readonly string[];
};

/** Lists the parameters of stages that are not the same in all runs, by name. */
export function parameterDifferences(lineages: readonly (readonly LineageNode[])[]): ParameterDifference[] {
  const perRun = lineages.map(parametersOf);
  const names = [...new Set(perRun.flatMap((parameters) => [...parameters.keys()]))].sort();
  return names
    .map((parameter) => ({ parameter, values: perRun.map((parameters) => [...(parameters.get(parameter) ?? [])].join(', ')) }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** Each parameter with the values it has over the points of its stage. */
function parametersOf(lineage: readonly LineageNode[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { point, params } of lineage) {
    for (const [name, value] of flatten(params, point.replace(/\[.*$/s, ''))) {
      const values = found.get(name);
      if (values === undefined) found.set(name, new Set([value]));
      else values.add(value);
    }
  }
  return found;
}

/** Leaves of nested objects under dotted names; a list is one value. */
function flatten(value: Json, name: string): [name: string, value: string][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner as Json, `${name}.${key}`));
}
