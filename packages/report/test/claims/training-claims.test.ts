import type { HistoryRow } from '@memgeo/artifacts';
import { findBestEpoch, trainingClaims, type Verdict } from '../../src/index.js';

/** Rows from accuracies per epoch in the order test, permuted, restored. */
function history(accuracies: { readonly [epoch: number]: readonly [number, number, number] }, examples = 10_000): HistoryRow[] {
  return Object.entries(accuracies).flatMap(([epoch, [test, permuted, restored]]) =>
    Object.entries({ test, permuted, restored }).map(([set, accuracy]) => ({ epoch: Number(epoch), set, examples, loss: 1, accuracy, learningRate: 0.1 })));
}

function verdicts(rows: readonly HistoryRow[]): { [name: string]: Verdict } {
  return Object.fromEntries(trainingClaims(rows).map(({ name, verdict }) => [name, verdict]));
}

test('findBestEpoch() takes the first of equal accuracies and ignores NaN', () => {
  const rows = history({ 0: [0.1, 0, 0], 3: [0.8, 0, 0], 5: [0.8, 0, 0], 6: [Number.NaN, 0, 0] });
  expect(findBestEpoch(rows)).toBe(3);
});

test('findBestEpoch() is undefined without test rows', () => {
  expect(findBestEpoch([])).toBeUndefined();
});

test('every claim holds for a network that learns first and memorizes later', () => {
  expect(verdicts(history({ 0: [0.1, 0.1, 0.1], 4: [0.84, 0.04, 0.82], 12: [0.6, 0.91, 0.2], 30: [0.56, 0.99, 0] }))).toEqual({ overfits: 'holds', learnsCleanFirst: 'holds', memorizesLate: 'holds' });
});

test('a fall of test accuracy within twice its sampling error is no fall', () => {
  // Standard error of the difference at n = 100 is about 0.07.
  const few = history({ 0: [0.1, 0, 0], 4: [0.6, 0, 0.5], 9: [0.5, 0, 0.5] }, 100);
  const many = history({ 0: [0.1, 0, 0], 4: [0.6, 0, 0.5], 9: [0.5, 0, 0.5] }, 10_000);
  expect(verdicts(few).overfits).toBe('fails');
  expect(verdicts(many).overfits).toBe('holds');
});

test('a network that memorizes before its best test epoch memorizes early', () => {
  expect(verdicts(history({ 0: [0.1, 0.1, 0.1], 3: [0.5, 0.95, 0.1], 4: [0.6, 0.99, 0.1] }))).toMatchObject({ learnsCleanFirst: 'fails', memorizesLate: 'fails' });
});

test('a network that never memorizes is said not to, with its final permuted accuracy', () => {
  const claim = trainingClaims(history({ 0: [0.1, 0.02, 0.1], 9: [0.8, 0.123, 0.8] })).find(({ name }) => name === 'memorizesLate')!;
  expect(claim).toMatchObject({ verdict: 'fails', finding: 'The permuted labels are not memorized: their accuracy ends at 0.123, epoch 9.' });
});

test('one epoch or none decides no claim about change', () => {
  expect(verdicts([])).toEqual({ overfits: 'unknown', learnsCleanFirst: 'unknown', memorizesLate: 'unknown' });
  expect(verdicts(history({ 0: [0.1, 0.1, 0.1] }))).toMatchObject({ overfits: 'unknown', memorizesLate: 'unknown' });
});
