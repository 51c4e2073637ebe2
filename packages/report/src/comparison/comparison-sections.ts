import type { ClaimsRow } from '@memgeo/artifacts';
import { composeAbstract } from '../claims/compose-abstract.js';
import { formatValue } from '../claims/format-value.js';
import { escapeMarkup as e } from '../drawing/escape.js';
import { verdictBadge } from '../page/claims-section.js';
import type { ComparedRun } from './compared-run.js';
import type { ParameterDifference } from './parameter-differences.js';

/** What each claim about which something was measured comes to in each run, its criteria below. */
export function claimsTable(runs: readonly ComparedRun[]): string {
  const judged = runs.map((run) => composeAbstract(run.claims).claims);
  const claims = [...new Map(judged.flat().map((claim) => [claim.name, claim])).values()];
  if (claims.length === 0) return '<p>None of the reports states claims. Join report/claims to their pipelines.</p>';
  const body = claims.map(({ name, statement }) => {
    const found = judged.map((run) => run.find((claim) => claim.name === name));
    const measured = found.flatMap((claim) => claim?.criteria ?? []).filter(({ value }) => value !== null);
    const criteria = [...new Set(measured.map(({ criterion }) => criterion))];
    const verdicts = found.map((claim) => `<td>${claim === undefined ? '–' : verdictBadge(claim.verdict)}</td>`).join('');
    const rows = criteria.map((criterion) => {
      const cells = found.map((claim) => claim?.criteria.find((row) => row.criterion === criterion));
      const thresholds = [...new Set(cells.flatMap((row) => (row === undefined ? [] : [`${row.comparison} ${formatValue(row.threshold)}`])))];
      return `<tr><th scope="row" class="criterion">${e(spaced(criterion))} <span class="note">${e(thresholds.join(', or '))}</span></th>${cells.map((row) => `<td>${row === undefined ? '–' : valueCell(row, thresholds.length > 1)}</td>`).join('')}</tr>`;
    });
    return `<tbody><tr class="claim-row"><th scope="row">${e(statement)}</th>${verdicts}</tr>${rows.join('')}</tbody>`;
  });
  return scrolling('What the claims come to in each run', `<thead><tr><th scope="col">Claim, criteria and thresholds</th>${runs.map(({ name }) => `<th scope="col">${e(name)}</th>`).join('')}</tr></thead>${body.join('')}`);
}

/** In what runs differ. */
export function differencesTable(runs: readonly ComparedRun[], differences: readonly ParameterDifference[]): string {
  if (differences.length === 0) return '<p>The runs have the same parameters, or came without a record of them.</p>';
  const rows = differences.map(({ parameter, values }) => `<tr><th scope="row"><code>${e(parameter)}</code></th>${values.map((value) => `<td>${value === '' ? '–' : e(value)}</td>`).join('')}</tr>`);
  return scrolling('In what the runs differ', `<thead><tr><th scope="col">Stage or parameter</th>${runs.map(({ name }) => `<th scope="col">${e(name)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody>`);
}

function scrolling(caption: string, content: string): string {
  return `<div class="scroll comparison" role="region" tabindex="0" aria-label="${e(caption)}"><table><caption class="hidden-text">${e(caption)}</caption>${content}</table></div>`;
}

function valueCell({ value, lower, upper, verdict, comparison, threshold }: ClaimsRow, hasOwnThreshold: boolean): string {
  const number = value === null ? 'none' : formatValue(value);
  const interval = lower === null || upper === null ? '' : ` <span class="note">[${formatValue(lower)}, ${formatValue(upper)}]</span>`;
  return `${number}${interval} <span class="note">${e(verdict)}${hasOwnThreshold ? e(` (${comparison} ${formatValue(threshold)})`) : ''}</span>`;
}

/** `radiusChange` to "radius change". */
function spaced(name: string): string {
  return name.replace(/[A-Z0-9]+/g, (part) => ` ${part.toLowerCase()}`);
}
