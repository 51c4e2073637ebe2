import { expect, test } from '@jest/globals';
import { scoreLogits } from '@memgeo/network';
import { randomStream } from '@memgeo/numerics';
import { accuracyOf, lossOf, scoreExamples } from '../../src/index.js';

test('means over examples are what scoreLogits() gives', () => {
  const logits = randomStream(1, 'logits').fillNormal(new Float32Array(50 * 4));
  const labels = Int32Array.from({ length: 50 }, (_, i) => i % 4);
  const scores = scoreExamples(logits, { rows: Int32Array.from(labels.keys()), labels, classCount: 4 });
  const expected = scoreLogits(logits, labels);
  expect(accuracyOf(scores).value).toBeCloseTo(expected.accuracy, 12);
  expect(lossOf(scores).value).toBeCloseTo(expected.loss, 12);
});

test('uniform scores cost log(classes), rows are picked by number, and errors are those of a mean', () => {
  const logits = Float32Array.of(0, 0, 5, 1, 0, 0, 0, 3);
  const scores = scoreExamples(logits, { rows: [3, 0, 1, 1], labels: [1, 0, 0, 1], classCount: 2 });
  expect([...scores.isCorrect]).toEqual([1, 1, 1, 0]);
  expect(scores.losses[1]).toBeCloseTo(Math.log(2), 12);
  expect(accuracyOf(scores)).toEqual({ value: 0.75, standardError: Math.sqrt((0.75 * 0.25) / 4) });
  const { value, standardError } = lossOf(scores);
  expect(standardError).toBeCloseTo(Math.sqrt([...scores.losses].reduce((sum, loss) => sum + (loss - value) ** 2, 0) / 12), 12);
  expect(lossOf(scoreExamples(logits, { rows: [0], labels: [0], classCount: 2 })).standardError).toBeNaN();
});
