import type { FigureGroup } from '../figures/all-figures.js';
import type { Figure } from '../figures/figure.js';
import { drawPanel, type Drawing } from './drawn.js';
import { canBeTitled, markCount } from './titled-marks.js';

/** A figure and its panels, drawn. */
export type DrawnFigure = { readonly figure: Figure; readonly panels: readonly Drawing[] };

/** A mark with a title takes about 250 bytes: this many fit into a page that still loads at once. */
const mostTitled = 12_000;

/**
 * Draws the figures of a report in reading order.
 *
 * Dots and cells say their values until there are 12,000 of them; panels after that are drawn without.
 *
 * @param options.sets  Every set of the report, so that colors stay the same throughout.
 */
export function drawGroups(groups: readonly FigureGroup[], { sets = [] }: { sets?: readonly string[] } = {}): (Omit<FigureGroup, 'figures'> & { readonly figures: readonly DrawnFigure[] })[] {
  let titled = 0;
  return groups.map((group) => ({
    ...group,
    figures: group.figures.map((figure) => ({
      figure,
      panels: figure.panels.map((panel) => {
        const isTitled = canBeTitled(panel) && titled + markCount(panel) <= mostTitled;
        if (isTitled) titled += markCount(panel);
        return drawPanel(panel, { sets, isTitled });
      }),
    })),
  }));
}
