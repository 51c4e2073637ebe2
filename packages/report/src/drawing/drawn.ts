import type { Panel } from '../figures/figure.js';
import { drawChart } from './draw-chart.js';
import { drawHeat } from './draw-heat.js';
import { drawImages } from './draw-images.js';
import { drawScatter } from './draw-scatter.js';
import { drawTable } from './draw-table.js';
import { canBeTitled } from './titled-marks.js';

/** A drawing: an `<svg>` element of this size. */
export type Drawing = { readonly width: number; readonly height: number; readonly svg: string };

/** The width of every panel, and the height of the plot inside a chart, in pixels. */
export const panelWidth = 360;
const plotHeight = 180;

/**
 * Draws one panel as an `<svg>` element. Text and axes take the color of the surrounding text.
 *
 * Each dot and cell has a `<title>` with its values and the attributes data-series, data-x and data-y.
 *
 * @param options.sets  Every set of the report, so that colors stay the same throughout.
 * @param options.isTitled  Whether marks say their values; by default if there are fewer than 400.
 */
export function drawPanel(panel: Panel, { sets = [], isTitled = canBeTitled(panel) }: { sets?: readonly string[]; isTitled?: boolean } = {}): Drawing {
  switch (panel.kind) {
    case 'chart': return drawChart(panel, { width: panelWidth, plotHeight, sets, isTitled });
    case 'scatter': return drawScatter(panel, { width: panelWidth, sets, isTitled });
    case 'heat': return drawHeat(panel, { width: panelWidth, isTitled });
    case 'images': return drawImages(panel, { width: panelWidth });
    case 'table': return drawTable(panel, { width: panelWidth, sets, isTitled });
  }
}
