import type { Abstract, Answer } from '../claims/compose-abstract.js';
import { escapeMarkup as e } from '../drawing/escape.js';
import { describeMeasure } from '../rows/measures.js';
import type { Note } from '../rows/notes.js';
import { setColor, setDescriptions } from '../rows/sets.js';
import { verdictBadge } from './claims-section.js';
import { references } from './references.js';

const mostNotes = 8;

/** The abstract: the answers to when, where and why, how many claims are shown, and the limits. */
export function abstractSection({ answers, summary, limits }: Abstract): string {
  const item = ({ question, verdict, headline }: Answer): string => `<li>${verdictBadge(verdict)}<span><strong class="aspect">${e(question)}:</strong> ${e(headline)}.</span></li>`;
  return `<ul>${answers.map(item).join('')}</ul><p>${e(summary)}</p>${limits.map((limit) => `<p class="limit">${e(limit)}</p>`).join('')}`;
}

/** What the sets and measures mean, a line each. */
export function glossarySection(sets: readonly string[], measures: readonly string[]): string {
  const setLines = sets.map((set) => `<dt><span class="swatch" style="background:${setColor(set, sets)}"></span>${e(set)}</dt><dd>${e(setDescriptions.get(set) ?? 'a set this report has no words for')}</dd>`);
  const measureLines = measures.map(describeMeasure).map(({ title, meaning }) => `<dt>${e(title)}</dt><dd>${e(meaning)}</dd>`);
  return `<dl>${[...setLines, ...measureLines].join('')}</dl>`;
}

/** The notes that the geometry came with. */
export function notesSection(notes: readonly Note[]): string {
  const item = ({ text, isMissing, count, first }: Note): string => `<li>${isMissing ? '<strong>No value:</strong> ' : ''}${e(text)} <span class="note">(${e(first)}${count > 1 ? `, and ${count - 1} more` : ''})</span></li>`;
  const rest = notes.length - mostNotes;
  return `<ul>${notes.slice(0, mostNotes).map(item).join('')}</ul>${rest > 0 ? `<p class="note">${rest} more kinds of note are in tables/geometry.csv.</p>` : ''}`;
}

/**
 * How to make the report again.
 *
 * @param options.hasSeeds  Whether tables over seeds lie beside the page.
 */
export function reproduceSection(command: string, { hasSeeds = false }: { hasSeeds?: boolean } = {}): string {
  const how = command === '' ? 'Run the pipeline that made it again:' : 'Run:';
  return `<p>${how}</p><pre>${e(command === '' ? 'memgeo run PIPELINE.yaml' : command)}</pre>
<p>What did not change is taken from the store. Every parameter, seeds included, stands above with its defaults filled in, and every random draw comes from a stream named by its seed: the same versions and backend give the same bytes. <code>memgeo plan PIPELINE.yaml</code> tells beforehand what would run, and why. The numbers behind the figures lie beside this page in <code>tables</code>, each table as <code>.csv</code> and as <code>.parquet</code>, and each figure as <code>.svg</code> and <code>.png</code> in <code>figures</code>.${hasSeeds ? ' Means over seeds and their 95 % intervals lie in <code>tables/NAME-over-seeds.csv</code>.' : ''}</p>`;
}

/**
 * The sources.
 *
 * @param inputs  Inputs that figures are drawn from.
 */
export function referencesSection(inputs: readonly string[]): string {
  return `<ul>${references.filter(({ input }) => input === undefined || inputs.includes(input)).map(({ key, text, link }) => `<li id="${key}">${e(text)} <a href="${e(link)}">${e(link)}</a></li>`).join('')}</ul>`;
}
