import { lowerFirst } from '../drawing/lower-first.js';
import type { ChartPanel, Figure, HeatPanel, ImagePanel, Panel, ScatterPanel, TablePanel } from '../figures/figure.js';

/** The values a figure shows: a row of texts per mark, in the order of the marks; columns that would be empty are left out. */
export type FigureTable = { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** The cells of one mark. */
type Cells = { readonly series: string; readonly x: string; readonly value: string; readonly low: string; readonly high: string; readonly note: string };

/** What the columns of a panel hold. */
type Names = { readonly series: string; readonly x: string; readonly value: string; readonly note: string };

const digits = 6;

/**
 * Lists what a figure shows, a row per mark: points of lines and scatters, cells of maps and tables, images.
 *
 * Numbers have six significant digits; what was measured lies in full precision in the report's tables.
 */
export function figureTable({ panels }: Figure): FigureTable {
  const tables = panels.map((panel) => ({ title: panel.title, names: namesOf(panel), cells: cellsOf(panel) }));
  const name = (key: keyof Names): string => joinNames(tables.map(({ names }) => names[key]));
  const all = [
    ...(panels.length > 1 ? [{ title: 'Panel', of: (_: Cells, panel: string) => panel }] : []),
    { title: name('series'), of: (cells: Cells) => cells.series },
    { title: name('x'), of: (cells: Cells) => cells.x },
    { title: name('value'), of: (cells: Cells) => cells.value },
    { title: 'Low', of: (cells: Cells) => cells.low },
    { title: 'High', of: (cells: Cells) => cells.high },
    { title: name('note'), of: (cells: Cells) => cells.note },
  ];
  const used = all.filter(({ of }) => tables.some(({ title, cells }) => cells.some((one) => of(one, title) !== '')));
  return { columns: used.map((column) => column.title), rows: tables.flatMap(({ title, cells }) => cells.map((one) => used.map(({ of }) => of(one, title)))) };
}

function namesOf(panel: Panel): Names {
  switch (panel.kind) {
    case 'chart': return { series: panel.lines.some((line) => line.label !== undefined) ? 'Line' : 'Set', x: beforeComma(panel.x.label), value: panel.y.label, note: 'Note' };
    case 'scatter': return { series: 'Set', x: panel.x.label, value: panel.y.label, note: 'Point' };
    case 'heat': return { series: `Row (${lowerFirst(beforeComma(panel.rowLabel))})`, x: `Column (${lowerFirst(beforeComma(panel.columnLabel))})`, value: panel.label, note: 'Note' };
    case 'images': return { series: 'Set', x: 'Image', value: 'Value', note: 'Labels' };
    case 'table': return { series: 'Set', x: panel.rowLabel, value: panel.label, note: 'Note' };
  }
}

function cellsOf(panel: Panel): Cells[] {
  switch (panel.kind) {
    case 'chart': return chartCells(panel);
    case 'scatter': return scatterCells(panel);
    case 'heat': return heatCells(panel);
    case 'images': return imageCells(panel);
    case 'table': return tableCells(panel);
  }
}

function chartCells({ lines }: ChartPanel): Cells[] {
  return lines.flatMap(({ set, label, points }) => points.map(({ x, y, low, high, note }) => ({
    series: label ?? set, x: typeof x === 'number' ? formatCell(x) : x, value: formatCell(y), low: formatCell(low), high: formatCell(high), note: note ?? '',
  })));
}

function scatterCells({ points }: ScatterPanel): Cells[] {
  return points.map(({ set, x, y, xError, yError, label }) => ({
    series: set, x: formatCell(x), value: formatCell(y),
    low: yError === null ? '' : formatCell(y - yError), high: yError === null ? '' : formatCell(y + yError),
    note: xError === null ? label : `${label}; ± ${formatCell(xError)} across`,
  }));
}

function heatCells({ rows, columns, values, spreads }: HeatPanel): Cells[] {
  return rows.flatMap((row, i) => columns.map((column, j) => {
    const [value, spread] = [values[i]![j]!, spreads?.[i]![j] ?? null];
    const end = (sign: 1 | -1): string => (value === null || spread === null ? '' : formatCell(value + sign * spread));
    return { series: row, x: column, value: formatCell(value), low: end(-1), high: end(1), note: '' };
  }));
}

function imageCells({ set, images }: ImagePanel): Cells[] {
  return images.map(({ lines }, index) => ({ series: set, x: String(index + 1), value: '', low: '', high: '', note: lines.map((line) => line.text).join('; ') }));
}

function tableCells({ columns, rows }: TablePanel): Cells[] {
  return rows.flatMap(({ name, cells }) => cells.map(({ value, lower, upper }, column) => ({ series: columns[column]!.name, x: name, value: formatCell(value), low: formatCell(lower), high: formatCell(upper), note: '' })));
}

function formatCell(value: number | null): string {
  return value === null ? '' : String(Number(value.toPrecision(digits)));
}

/** The name that all panels give a column, or all names they give it. */
function joinNames(names: readonly string[]): string {
  return [...new Set(names)].join(' / ');
}

/** "Layer, input side left" is "Layer" in a table. */
function beforeComma(label: string): string {
  return label.split(',')[0]!;
}
