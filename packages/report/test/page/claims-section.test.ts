import type { ClaimsRow } from '@memgeo/artifacts';
import { composeReport, gatherPoints, groupClaims } from '../../src/index.js';
import { claimsSection as sectionOf } from '../../src/page/claims-section.js';

const claimsSection = (rows: readonly ClaimsRow[]): string => sectionOf(groupClaims(rows));
const row = (changes: Partial<ClaimsRow> = {}): ClaimsRow => ({
  claim: 'generalizesFirst', statement: 'It generalizes first.', criterion: 'testAccuracyAtBest', statistic: 'test accuracy at epoch 4', value: 0.84, lower: 0.8, upper: 0.88,
  intervalOver: 'seeds', seeds: 3, comparison: 'above', threshold: 0.5, thresholdSource: 'set beforehand', isDeciding: true, verdict: 'shown', reason: '', ...changes,
});

test('no rows, no section', () => {
  expect(claimsSection([])).toBe('');
});

test('what the criteria of a claim have in common is said once, below them', () => {
  const reason = 'one seed: this run only';
  const section = claimsSection([row({ reason }), row({ criterion: 'b', reason: `${reason}; and more` }), row({ criterion: 'c', thresholdSource: 'by definition', reason })]);
  expect(section.match(/one seed: this run only/g)).toHaveLength(1);
  expect(section).toContain('<p class="note">Source of thresholds, where no other stands: set beforehand. For all: one seed: this run only.</p>');
  expect(section.match(/set beforehand/g)).toHaveLength(1);
  expect(section).toContain('<span class="note">by definition</span>');
  expect(section).toContain('<span>and more</span>');
});

test('a claim is a card with its statement and a row per criterion: value, interval, threshold, verdict', () => {
  const section = claimsSection([row(), row({ claim: 'memorizesLate', statement: 'It memorizes late.' }), row({ criterion: 'other', statistic: 'permuted accuracy' })]);
  expect(section.match(/<article /g)).toHaveLength(2);
  expect(section.match(/<th role="rowheader" scope="row">/g)).toHaveLength(3);
  expect(section).toContain('0.84 <span class="interval">[0.8, 0.88]</span> <span class="note">95 % over 3 seeds</span>');
  expect(section).toContain('above 0.5 <span class="note">set beforehand</span>');
});

test.each<[string, string[], string]>([
  ['all criteria shown', ['shown', 'shown'], 'holds'],
  ['one not shown', ['shown', 'not shown', 'cannot be judged'], 'fails'],
  ['one that cannot be judged', ['shown', 'cannot be judged'], 'unknown'],
])('a claim with %s', (_, found, style) => {
  expect(claimsSection(found.map((verdict) => row({ verdict })))).toContain(`<article class="claim ${style}"`);
});

test('a criterion that does not decide is told as such, and leaves the verdict of the claim alone', () => {
  const section = claimsSection([row(), row({ isDeciding: false, verdict: 'not shown' })]);
  expect(section).toContain('<article class="claim holds"');
  expect(section.match(/does not decide the claim/g)).toHaveLength(1);
  expect(claimsSection([row({ isDeciding: false })])).toContain('<article class="claim unknown"');
});

test('verdicts are words behind a mark, not colors alone', () => {
  for (const [verdict, mark] of [['shown', '✓'], ['not shown', '✗'], ['cannot be judged', '?']] as const) {
    expect(claimsSection([row({ verdict })]).match(new RegExp(`<span aria-hidden="true">\\${mark}</span> ${verdict}<`, 'g'))).toHaveLength(2);
  }
});

test('a missing value, a missing interval and a reason are said', () => {
  const section = claimsSection([row({ value: null, lower: null, upper: null, verdict: 'cannot be judged', reason: 'no <seed>' }), row({ lower: null, upper: null, seeds: 1 })]);
  expect(section).toContain('<span>none</span>');
  expect(section).toContain('0.84 <span class="note">no interval, one seed</span>');
  expect(section).toContain('no &lt;seed&gt;');
});

test('the section stands in the report and its contents if there are rows', () => {
  const compose = (claims: ClaimsRow[]): string => composeReport({ history: gatherPoints([]), lineage: [], claims }, { title: 't', question: 'q', command: '', panelCount: 1 }).page;
  expect(compose([row()])).toContain('<a href="#what-the-claims-come-to">');
  expect(compose([row()])).toContain('<article class="claim holds"');
  expect(compose([])).not.toContain('claims come to');
});
