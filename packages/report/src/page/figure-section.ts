import { escapeMarkup as e } from '../drawing/escape.js';
import type { DrawnFigure } from '../drawing/draw-groups.js';
import { madeFromNote } from '../provenance/made-from.js';
import type { Trace } from '../provenance/trace.js';
import { figureTable, type FigureTable } from './figure-table.js';

/** Longer tables are data that the script makes a table of when it is opened, so that the page stays light. */
const mostWrittenRows = 200;

const exports = [
  { format: 'svg', name: 'SVG' },
  { format: 'png', name: 'PNG' },
  { format: 'csv', name: 'CSV' },
] as const;

/** A numbered figure: title, panels, caption, the actions it was made from, the table of its values, and buttons that save it (with script only). */
export function figureSection({ figure, panels }: DrawnFigure, { number, trace }: { number: number; trace: Trace }): string {
  const id = e(figure.name);
  const layout = panels.length === 2 || panels.length === 4 ? 'panels two' : 'panels';
  const buttons = exports.map(({ format, name }) => `<button type="button" data-export="${format}" aria-label="Save figure ${number} as ${name}">${name}</button>`).join('');
  return `<figure id="${id}" aria-labelledby="${id}-title" aria-describedby="${id}-caption">
<h3 id="${id}-title">Figure ${number}. ${e(figure.title)}</h3>
<div class="${layout}">${panels.map((panel) => `<div>${panel.svg}</div>`).join('')}</div>
<figcaption id="${id}-caption">${e(figure.caption)}</figcaption>
${madeFromNote(trace, figure.from ?? [])}<div class="figure-tools">${valuesTable(figureTable(figure), number)}<div class="exports script-only" role="group" aria-label="Save figure ${number}">${buttons}</div></div>
</figure>`;
}

/** The values of a figure as a folded table; a long one is kept as data. */
function valuesTable({ columns, rows }: FigureTable, number: number): string {
  const isWritten = rows.length <= mostWrittenRows;
  const head = columns.map((column) => `<th scope="col">${e(column)}</th>`).join('');
  const body = isWritten ? rows.map((row) => `<tr>${row.map((cell) => `<td>${e(cell)}</td>`).join('')}</tr>`).join('\n') : '';
  const data = isWritten ? '' : `<script type="application/json">${toDittoJson(rows)}</script><noscript><p class="note">These ${rows.length} values are made a table by a script. Without it, take them from the files in <code>tables</code>, beside this page.</p></noscript>`;
  return `<details class="values"><summary>Values of figure ${number} <span class="note">(${rows.length})</span></summary>${data}
<div class="scroll" role="region" tabindex="0" aria-label="Values of figure ${number}"><table><caption>Values of figure ${number}${columns.includes('Low') ? '; low and high bound the band or bar, of a map one standard deviation' : ''}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div></details>`;
}

/** Rows as JSON that can stand in a script element; 0 stands for the cell above. */
function toDittoJson(rows: FigureTable['rows']): string {
  const short = rows.map((row, i) => row.map((cell, j) => (i > 0 && cell === rows[i - 1]![j] ? 0 : cell)));
  return JSON.stringify(short).replaceAll('<', '\\u003c');
}
