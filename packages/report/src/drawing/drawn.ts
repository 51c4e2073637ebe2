import type { Panel } from '../figures/figure.js';
import { drawChart } from './draw-chart.js';
import { drawHeat } from './draw-heat.js';
import { drawImages } from './draw-images.js';
import { drawScatter } from './draw-scatter.js';

/** A drawing: an `<svg>` element of this size. */
export type Drawing = { readonly width: number; readonly height: number; readonly svg: string };

/** The size of every panel, in pixels. */
export const panelWidth = 360;
export const chartHeight = 276;

/**
 * Draws one panel as an `<svg>` element. Text and axes take the color of the surrounding text.
 *
 * @param options.sets  Every set of the report, so that colors stay the same throughout.
 */
export function drawPanel(panel: Panel, options: { sets?: readonly string[] } = {}): Drawing {
  if (panel.kind === 'heat') return drawHeat(panel, { width: panelWidth });
  if (panel.kind === 'scatter') return drawScatter(panel, { ...options, width: panelWidth, height: chartHeight });
  return panel.kind === 'chart' ? drawChart(panel, { ...options, width: panelWidth, height: chartHeight }) : drawImages(panel, { width: panelWidth });
}
