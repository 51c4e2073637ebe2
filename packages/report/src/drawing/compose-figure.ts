import type { Figure } from '../figures/figure.js';
import type { Drawing } from './drawn.js';
import { escapeMarkup } from './escape.js';

const gutter = 16;
const titleHeight = 44;
/** Longer titles are cut; the drawing would grow with them. */
const mostTitle = 160;

/**
 * Puts the panels of a figure side by side under its title: a standalone SVG on white.
 *
 * @param panels  The figure's panels, drawn.
 * @param options.columns  Most panels in a row.
 * @param options.madeFrom  What it was made from, for readers of the file; empty if unknown.
 */
export function composeFigure(figure: Figure, panels: readonly Drawing[], { columns = 3, madeFrom = '' }: { columns?: number; madeFrom?: string } = {}): string {
  const title = figure.title.length <= mostTitle ? figure.title : `${figure.title.slice(0, mostTitle - 1)}…`;
  const perRow = panels.length === 4 ? 2 : Math.min(columns, panels.length);
  const cellWidth = Math.max(...panels.map((panel) => panel.width));
  const cellHeight = Math.max(...panels.map((panel) => panel.height));
  const rows = Math.ceil(panels.length / perRow);
  const width = Math.max(perRow * cellWidth + (perRow + 1) * gutter, title.length * 9 + 2 * gutter);
  const height = titleHeight + rows * (cellHeight + gutter);
  const placed = panels.map(({ svg }, index) => {
    const x = gutter + (index % perRow) * (cellWidth + gutter);
    const y = titleHeight + Math.floor(index / perRow) * (cellHeight + gutter);
    return svg.replace('<svg ', `<svg x="${x}" y="${y}" `);
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" color="#1a1d21" font-family="DejaVu Sans, Verdana, Arial, sans-serif">`
    + `${madeFrom === '' ? '' : `<metadata>${escapeMarkup(madeFrom)}</metadata>`}<rect width="${width}" height="${height}" fill="#ffffff"/><text x="${gutter}" y="28" font-size="16" font-weight="bold" fill="currentColor">${escapeMarkup(title)}</text>${placed.join('')}</svg>\n`;
}
