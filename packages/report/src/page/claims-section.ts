import type { ClaimsRow } from '@memgeo/artifacts';
import type { JudgedClaim } from '../claims/compose-abstract.js';
import { formatValue } from '../claims/format-value.js';
import { escapeMarkup as e } from '../drawing/escape.js';

/** How verdicts are marked: the words and the mark say all, color adds nothing. */
const marks = new Map(Object.entries({ shown: { mark: '✓', style: 'holds' }, 'not shown': { mark: '✗', style: 'fails' }, 'cannot be judged': { mark: '?', style: 'unknown' } }));
const unknown = { mark: '?', style: 'unknown' };

/**
 * A card per claim: whether it is shown, its statement, and a table of its criteria.
 *
 * @returns HTML without a heading of its own; nothing if there are no claims.
 */
export function claimsSection(claims: readonly JudgedClaim[]): string {
  return claims.length === 0 ? '' : `<div class="claims">${claims.map((claim, index) => claimCard(claim, index + 1)).join('\n')}</div>`;
}

function claimCard({ statement, verdict, criteria }: JudgedClaim, number: number): string {
  const id = `claim-${number}`;
  const shared = sharedRemarks(criteria);
  const head = ['Statistic', 'Value', 'Threshold', 'Verdict', 'Why'].map((title) => `<th role="columnheader" scope="col">${title}</th>`).join('');
  return `<article class="claim ${styleOf(verdict)}" aria-labelledby="${id}">
<h3 id="${id}">${verdictBadge(verdict)} <span>${e(statement)}</span></h3>
<table role="table" class="criteria"><caption class="hidden-text">Criteria of the claim: ${e(statement)}</caption><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${criteria.map((row) => criterionRow(row, shared)).join('')}</tbody></table>${sharedNote(shared)}
</article>`;
}

/** What most criteria of a claim have in common, said once below them. */
type SharedRemarks = { readonly source: string; readonly reasons: readonly string[] };

/** The source of most thresholds, and the reasons that every measured criterion gives. */
function sharedRemarks(criteria: readonly ClaimsRow[]): SharedRemarks {
  const counts = new Map<string, number>();
  for (const { thresholdSource } of criteria) counts.set(thresholdSource, (counts.get(thresholdSource) ?? 0) + 1);
  const [source, count] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['', 1] as [string, number]);
  const measured = criteria.filter(({ value }) => value !== null).map(({ reason }) => partsOf(reason));
  const reasons = measured.length < 2 ? [] : measured[0]!.filter((part) => measured.every((parts) => parts.includes(part)));
  return { source: count < 2 ? '' : source, reasons };
}

function sharedNote({ source, reasons }: SharedRemarks): string {
  const sentences = [...(source === '' ? [] : [`Source of thresholds, where no other stands: ${source}.`]), ...reasons.map((reason) => `For all: ${reason}.`)];
  return sentences.length === 0 ? '' : `<p class="note">${e(sentences.join(' '))}</p>`;
}

function partsOf(reason: string): string[] {
  return reason.split('; ').filter((part) => part !== '');
}

function criterionRow(row: ClaimsRow, { source, reasons }: SharedRemarks): string {
  const own = partsOf(row.reason).filter((part) => !reasons.includes(part)).join('; ');
  const cell = (title: string, content: string): string => (content === '' ? `<td role="cell" class="empty"></td>` : `<td role="cell" data-title="${title}"><span>${content}</span></td>`);
  return `<tr role="row"><th role="rowheader" scope="row">${e(row.statistic)}${row.isDeciding ? '' : ' <span class="note">does not decide the claim</span>'}</th>${cell('Value', valueText(row))}${cell('Threshold', thresholdText(row, source))}${cell('Verdict', verdictBadge(row.verdict))}${cell('Why', e(own))}</tr>`;
}

/** The value with its interval, and what that is over. */
function valueText({ value, lower, upper, intervalOver, seeds }: ClaimsRow): string {
  if (value === null) return 'none';
  const over = seeds === 1 ? 'one seed' : `${seeds} seeds`;
  if (lower === null || upper === null) return `${formatValue(value)} <span class="note">no interval, ${over}</span>`;
  return `${formatValue(value)} <span class="interval">[${formatValue(lower)}, ${formatValue(upper)}]</span> <span class="note">95 % over ${intervalOver === 'seeds' ? over : `${e(intervalOver)}, ${over}`}</span>`;
}

function thresholdText({ comparison, threshold, thresholdSource }: ClaimsRow, shared: string): string {
  return `${e(comparison)} ${formatValue(threshold)}${thresholdSource === '' || thresholdSource === shared ? '' : ` <span class="note">${e(thresholdSource)}</span>`}`;
}

/** The verdict in words behind a mark. */
export function verdictBadge(verdict: string): string {
  return `<span class="verdict ${styleOf(verdict)}"><span aria-hidden="true">${(marks.get(verdict) ?? unknown).mark}</span> ${e(verdict)}</span>`;
}

function styleOf(verdict: string): string {
  return (marks.get(verdict) ?? unknown).style;
}
