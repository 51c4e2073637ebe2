import { composeAbstract } from '../../src/claims/compose-abstract.js';
import { judgeClaims } from '../../src/claims/judge-claims.js';
import { quickstartGeometry, quickstartHistory } from '../quickstart-rows.js';
import { descent, runTables, sweepTables, withSeeds } from './claim-rows.js';

test('the abstract answers what was measured, and leaves out the rest', () => {
  const { answers, claims, summary } = composeAbstract(judgeClaims(runTables()));
  expect(answers.map(({ question, verdict }) => [question, verdict])).toEqual([['When', 'shown'], ['Where', 'shown'], ['Why there', 'shown'], ['Why late', 'shown'], ['Can it be undone', 'shown']]);
  expect(claims.map(({ name }) => name)).toEqual(['generalizesFirst', 'memorizesLate', 'rewindingRestores', 'gradientsIgnore']);
  expect(summary).toBe('Of 4 claims examined, 4 are shown.');
});

test('a sweep of widths answers the question about width alone', () => {
  const { answers, summary } = composeAbstract(judgeClaims(sweepTables(descent)));
  expect(answers).toEqual([{ question: 'How does width matter', verdict: 'shown', headline: expect.stringContaining('falls and recovers') }]);
  expect(summary).toBe('The one claim examined is shown.');
});

test('what is not shown or cannot be judged is counted and worded as such', () => {
  const early = composeAbstract(judgeClaims({ history: [{ coordinates: {}, rows: quickstartHistory().filter(({ epoch }) => epoch <= 3) }], geometry: [{ coordinates: {}, rows: [0, 1, 3].flatMap(quickstartGeometry) }] }));
  expect(early.summary).toBe('Of 2 claims examined, 1 is shown, 1 is not shown.');
  expect(early.answers.map(({ question, verdict }) => [question, verdict])).toEqual([['When', 'not shown'], ['Where', 'cannot be judged'], ['Why there', 'cannot be judged']]);
});

test('limits tell of few classes, of seeds and of the best epoch', () => {
  const few = runTables({ geometry: [0, 4, 30].flatMap(quickstartGeometry).map((row) => ({ ...row, manifolds: 10 })) });
  expect(composeAbstract(judgeClaims(few)).limits).toEqual([expect.stringMatching(/^10 classes are too few/), expect.stringMatching(/^One seed/), expect.stringMatching(/^The test set itself/)]);
  expect(composeAbstract(judgeClaims(withSeeds([runTables(), runTables()]))).limits).toEqual([expect.stringMatching(/^Two seeds/), expect.stringMatching(/^The test set itself/)]);
  expect(composeAbstract(judgeClaims(withSeeds([runTables(), runTables(), runTables()]))).limits).toHaveLength(1);
});

test('nothing measured gives nothing to say', () => {
  expect(composeAbstract(judgeClaims({ history: [] }))).toEqual({ answers: [], claims: [], limits: [], summary: 'Nothing was measured that a claim could be judged by.' });
});
