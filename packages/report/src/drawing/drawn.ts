import type { Panel } from '../figures/figure.js';
import { drawChart } from './draw-chart.js';
import { drawHeat } from './draw-heat.js';
import { drawImages } from './draw-images.js';
import { drawScatter } from './draw-scatter.js';

/** A drawing: an `<svg>` element of this size. */
export type Drawing = { readonly width: number; readonly height: number; readonly svg: string };

/** The width of every panel, and the height of the plot inside a chart, in pixels. */
export const panelWidth = 360;
const plotHeight = 180;

/**
 * Draws one panel as an `<svg>` element. Text and axes take the color of the surrounding text.
 *
 * Each dot and cell has a `<title>` with its values and the attributes data-series, data-x and data-y, unless there are
 * more than 400 in the panel.
 *
 * @param options.sets  Every set of the report, so that colors stay the same throughout.
 */
export function drawPanel(panel: Panel, { sets = [] }: { sets?: readonly string[] } = {}): Drawing {
  switch (panel.kind) {
    case 'chart': return drawChart(panel, { width: panelWidth, plotHeight, sets });
    case 'scatter': return drawScatter(panel, { width: panelWidth, sets });
    case 'heat': return drawHeat(panel, { width: panelWidth });
    case 'images': return drawImages(panel, { width: panelWidth });
  }
}
