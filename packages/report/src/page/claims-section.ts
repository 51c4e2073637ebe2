import type { ClaimsRow } from '@memgeo/artifacts';
import { formatValue } from '../claims/format-value.js';
import { escapeMarkup as e } from '../drawing/escape.js';

/** What rows of the claims table say, worst for the claim first. */
const verdicts = [
  { name: 'not shown', mark: '✗', style: 'fails' },
  { name: 'cannot be judged', mark: '?', style: 'unknown' },
  { name: 'shown', mark: '✓', style: 'holds' },
] as const;

/**
 * A card per claim: whether it is shown, its statement, and a table of its criteria.
 *
 * A claim is shown if all its deciding criteria are, and not shown if one of them is not.
 *
 * @param rows  Rows of a claims table; those of one claim need not follow each other.
 * @returns HTML without a heading of its own; nothing if there are no rows.
 */
export function claimsSection(rows: readonly ClaimsRow[]): string {
  const claims = [...new Set(rows.map((row) => row.claim))];
  if (claims.length === 0) return '';
  return `<div class="claims">${claims.map((claim) => claimCard(rows.filter((row) => row.claim === claim))).join('\n')}</div>`;
}

function claimCard(rows: readonly ClaimsRow[]): string {
  const { claim, statement } = rows[0]!;
  const deciding = rows.filter((row) => row.isDeciding);
  const worst = verdicts.find(({ name }) => deciding.some((row) => row.verdict === name)) ?? verdicts[1];
  const id = `claim-${e(claim)}`;
  const head = ['Statistic', 'Value', 'Threshold', 'Verdict', 'Why'].map((title) => `<th role="columnheader" scope="col">${title}</th>`).join('');
  return `<article class="claim ${worst.style}" aria-labelledby="${id}">
<h3 id="${id}">${verdictBadge(worst.name)} <span>${e(statement)}</span></h3>
<table role="table" class="criteria"><caption class="hidden-text">Criteria of the claim: ${e(statement)}</caption><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${rows.map(criterionRow).join('')}</tbody></table>
</article>`;
}

function criterionRow(row: ClaimsRow): string {
  const cell = (title: string, content: string): string => (content === '' ? `<td role="cell" class="empty"></td>` : `<td role="cell" data-title="${title}"><span>${content}</span></td>`);
  return `<tr role="row"><th role="rowheader" scope="row">${e(row.statistic)}${row.isDeciding ? '' : ' <span class="note">does not decide the claim</span>'}</th>${cell('Value', valueText(row))}${cell('Threshold', thresholdText(row))}${cell('Verdict', verdictBadge(row.verdict))}${cell('Why', e(row.reason))}</tr>`;
}

/** The value with its interval, and what that is over. */
function valueText({ value, lower, upper, intervalOver, seeds }: ClaimsRow): string {
  if (value === null) return 'none';
  const over = seeds === 1 ? 'one seed' : `${seeds} seeds`;
  if (lower === null || upper === null) return `${formatValue(value)} <span class="note">no interval, ${over}</span>`;
  return `${formatValue(value)} <span class="interval">[${formatValue(lower)}, ${formatValue(upper)}]</span> <span class="note">95 % over ${intervalOver === 'seeds' ? over : `${e(intervalOver)}, ${over}`}</span>`;
}

function thresholdText({ comparison, threshold, thresholdSource }: ClaimsRow): string {
  return `${e(comparison)} ${formatValue(threshold)}${thresholdSource === '' ? '' : ` <span class="note">${e(thresholdSource)}</span>`}`;
}

/** The verdict in words behind a mark; color adds nothing to them. */
export function verdictBadge(verdict: string): string {
  const { mark, style } = verdicts.find(({ name }) => name === verdict) ?? verdicts[1];
  return `<span class="verdict ${style}"><span aria-hidden="true">${mark}</span> ${e(verdict)}</span>`;
}
