import type { Figure } from '../figures/figure.js';
import type { Drawing } from './drawn.js';
import { escapeMarkup } from './escape.js';

const gutter = 16;
const titleHeight = 44;

/**
 * Puts the panels of a figure side by side under its title: a standalone SVG on white.
 *
 * @param panels  The figure's panels, drawn.
 * @param options.columns  Most panels in a row.
 */
export function composeFigure(figure: Figure, panels: readonly Drawing[], { columns = 3 }: { columns?: number } = {}): string {
  const perRow = panels.length === 4 ? 2 : Math.min(columns, panels.length);
  const cellWidth = Math.max(...panels.map((panel) => panel.width));
  const cellHeight = Math.max(...panels.map((panel) => panel.height));
  const rows = Math.ceil(panels.length / perRow);
  const width = Math.max(perRow * cellWidth + (perRow + 1) * gutter, figure.title.length * 9 + 2 * gutter);
  const height = titleHeight + rows * (cellHeight + gutter);
  const placed = panels.map(({ svg }, index) => {
    const x = gutter + (index % perRow) * (cellWidth + gutter);
    const y = titleHeight + Math.floor(index / perRow) * (cellHeight + gutter);
    return svg.replace('<svg ', `<svg x="${x}" y="${y}" `);
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" color="#1a1d21" font-family="DejaVu Sans, Verdana, Arial, sans-serif">`
    + `<rect width="${width}" height="${height}" fill="#ffffff"/><text x="${gutter}" y="28" font-size="16" font-weight="bold" fill="currentColor">${escapeMarkup(figure.title)}</text>${placed.join('')}</svg>\n`;
}
