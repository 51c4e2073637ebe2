import type { HeatPanel } from '../figures/figure.js';
import type { Drawing } from './drawn.js';
import { escapeMarkup } from './escape.js';

const margin = { top: 42, left: 92, right: 62 };
/** Room below the cells for slanted names of layers, and for epochs. */
const bottom = { Layer: 84, Epoch: 44 } as const;
/** With more places than this, values are not written into the cells, and names stand at every second or third. */
const [mostWritten, mostNames] = [7, 13];
const longestName = 14;

/** Stops of the viridis map, from 0 to 1: equal steps look equal, and stay apart for color-blind readers and in gray. */
const viridis = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]] as const;

/** Draws a square map of values between places, from 0 dark to 1 bright, with its scale at the right. */
export function drawHeat(panel: HeatPanel, { width }: { width: number }): Drawing {
  const { rows: places, values, rowLabel } = panel;
  const axis = rowLabel.startsWith('Layer') ? 'Layer' : 'Epoch';
  const side = width - margin.left - margin.right;
  const cell = side / places.length;
  const height = margin.top + side + bottom[axis];
  const step = Math.ceil(places.length / mostNames);
  const center = (index: number): number => (index + 0.5) * cell;
  const cells = values.flatMap((row, i) => row.map((value, j) => {
    const [x, y] = [round(margin.left + j * cell), round(margin.top + i * cell)];
    const square = `<rect x="${x}" y="${y}" width="${round(cell + 0.2)}" height="${round(cell + 0.2)}" ${value === null ? 'fill="none" stroke="currentColor" stroke-opacity="0.3"' : `fill="${color(value)}"`}/>`;
    if (value === null || places.length > mostWritten) return square;
    return `${square}<text x="${round(x + cell / 2)}" y="${round(y + cell / 2)}" dy="0.35em" font-size="10" fill="${value < 0.6 ? '#ffffff' : '#000000'}">${value.toFixed(2)}</text>`;
  }));
  const names = places.flatMap((place, index) => {
    if ((places.length - 1 - index) % step !== 0) return [];
    const name = escapeMarkup(place.length <= longestName ? place : `${place.slice(0, longestName - 1)}…`);
    const [x, y] = [round(margin.left + center(index)), round(margin.top + side + 10)];
    const below = axis === 'Layer' ? `<text x="${x}" y="${y}" dy="0.35em" text-anchor="end" transform="rotate(-40 ${x} ${y})">${name}</text>` : `<text x="${x}" y="${y}" dy="0.5em">${name}</text>`;
    return [`<text x="${margin.left - 6}" y="${round(margin.top + center(index))}" dy="0.35em" text-anchor="end">${name}</text>`, below];
  });
  const titles = `<text x="4" y="14" text-anchor="start" font-size="13" font-weight="bold">${escapeMarkup(panel.title)}</text><text x="4" y="30" text-anchor="start" fill-opacity="0.8">${escapeMarkup(panel.label)}</text>`;
  const axisTitle = `<text x="${round(margin.left + side / 2)}" y="${height - 6}" fill-opacity="0.8">${axis}${axis === 'Layer' ? ', input side first' : ''}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" fill="currentColor" font-family="DejaVu Sans, Verdana, Arial, sans-serif" font-size="11" text-anchor="middle" role="img" aria-label="${escapeMarkup(describe(panel))}">${titles}<g aria-label="cell">${cells.join('')}</g>${names.join('')}${scale(side, width)}${axisTitle}</svg>`;
  return { width, height, svg };
}

/** A column of the colors, 1 at the top. */
function scale(side: number, width: number): string {
  const [left, steps] = [width - margin.right + 14, 40];
  const bands = Array.from({ length: steps }, (_, i) => `<rect x="${left}" y="${round(margin.top + (i * side) / steps)}" width="12" height="${round(side / steps + 0.2)}" fill="${color(1 - (i + 0.5) / steps)}"/>`);
  const ticks = [0, 0.5, 1].map((value) => `<text x="${left + 17}" y="${round(margin.top + (1 - value) * side)}" dy="0.35em" text-anchor="start">${value}</text>`);
  return bands.join('') + ticks.join('');
}

/** The color of a value; below 0 that of 0. */
function color(value: number): string {
  const at = Math.max(0, Math.min(1, value)) * (viridis.length - 1);
  const index = Math.min(viridis.length - 2, Math.floor(at));
  const channels = viridis[index]!.map((low, c) => Math.round(low + (at - index) * (viridis[index + 1]![c]! - low)));
  return `rgb(${channels.join(',')})`;
}

/** What a reader who can't see the map should know: how alike the first and the last place are. */
function describe({ title, label, rows: places, values }: HeatPanel): string {
  const between = values[0]!.at(-1);
  return `${title}. ${label} between ${places[0]} and ${places.at(-1)}: ${between === null || between === undefined ? 'unknown' : between.toFixed(2)}.`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
