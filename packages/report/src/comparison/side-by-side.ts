import type { ChartPanel, Figure } from '../figures/figure.js';

/** A run's name and one of its charts. */
type NamedChart = { readonly name: string; readonly panel: ChartPanel };

/**
 * Sets charts of several runs side by side, on the same scales, so that they can be compared by eye.
 *
 * @param charts  One per run that has it.
 * @returns a figure whose panels carry the names of the runs; undefined if fewer than two runs have the chart.
 */
export function sideBySide(charts: readonly NamedChart[], about: { readonly name: string; readonly title: string; readonly caption: string }): Figure | undefined {
  if (charts.length < 2) return undefined;
  const y = union(charts.map(({ panel }) => panel.y.domain));
  return {
    ...about,
    from: ['reports'],
    panels: charts.map(({ name, panel }) => ({ ...panel, title: name, x: sharedAxis(charts.map((chart) => chart.panel.x), panel.x), y: { ...panel.y, domain: y } })),
  };
}

/** The axis of one chart, widened to what all of its kind cover; layers stay those of the run, since networks may differ. */
function sharedAxis(all: readonly ChartPanel['x'][], own: ChartPanel['x']): ChartPanel['x'] {
  if (own.kind === 'layers') return own;
  return { ...own, domain: union(all.flatMap((axis) => (axis.kind === own.kind ? [axis.domain] : []))) };
}

function union(domains: readonly (readonly [number, number])[]): [number, number] {
  return [Math.min(...domains.map(([low]) => low)), Math.max(...domains.map(([, high]) => high))];
}
