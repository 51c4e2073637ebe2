import type { LineageNode } from '@memgeo/stage';
import type { Figure } from '../figures/figure.js';
import type { Trace } from './trace.js';

/** The file of a report that says from which actions each figure and table was made. */
export const provenanceFile = 'provenance.json';

/** What the file says. */
export type Provenance = {
  readonly format: 1;
  /** Inputs that each figure is drawn from, by its name, as in figures/NAME.svg. */
  readonly figures: { readonly [name: string]: readonly string[] };
  /** Inputs that each table holds, by its name, as in tables/NAME.csv. */
  readonly tables: { readonly [name: string]: readonly string[] };
  /** Actions that made each input; point and stage are null where there is no record of the action. */
  readonly inputs: { readonly [port: string]: readonly { readonly key: string; readonly point: string | null; readonly stage: string | null }[] };
};

/**
 * Lists from which actions figures and tables were made.
 *
 * @param tables  Names of the files in tables, and the inputs they hold.
 * @returns undefined if nothing is known.
 */
export function describeProvenance({ inputs }: Trace, lineage: readonly LineageNode[], { figures, tables }: { figures: readonly Figure[]; tables: ReadonlyMap<string, string> }): Provenance | undefined {
  if (inputs.size === 0) return undefined;
  const stages = new Map(lineage.map(({ key, stage }) => [key, stage]));
  const known = (ports: readonly string[]): string[] => ports.filter((port) => inputs.has(port));
  return {
    format: 1,
    figures: Object.fromEntries(figures.map(({ name, from = [] }) => [name, known(from)])),
    tables: Object.fromEntries([...tables].map(([name, port]) => [name, known([port])])),
    inputs: Object.fromEntries([...inputs].map(([port, actions]) => [port, actions.map(({ key, point }) => ({ key, point: point === '' ? null : point, stage: stages.get(key) ?? null }))])),
  };
}
