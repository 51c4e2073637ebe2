/** What a network makes of each example of a set. */
export type ExampleScores = {
  /** 1 where the largest score is that of the label, shape (examples). */
  readonly isCorrect: Uint8Array;
  /** Cross-entropy in nats, shape (examples). */
  readonly losses: Float64Array;
};

/** A mean over examples; the standard error is NaN for a single one. */
export type MeanOverExamples = { readonly value: number; readonly standardError: number };

/**
 * Scores each example against its label.
 *
 * @param logits  Shape (rows, classes), row-major.
 * @param options.rows  Row of each example.
 * @param options.labels  Class of each example.
 */
export function scoreExamples(logits: Float32Array, { rows, labels, classCount }: { rows: ArrayLike<number>; labels: ArrayLike<number>; classCount: number }): ExampleScores {
  const [isCorrect, losses] = [new Uint8Array(rows.length), new Float64Array(rows.length)];
  for (let i = 0; i < rows.length; i++) {
    const own = logits.subarray(rows[i]! * classCount, (rows[i]! + 1) * classCount);
    let best = 0;
    for (let k = 1; k < classCount; k++) if (own[k]! > own[best]!) best = k;
    let sum = 0;
    for (let k = 0; k < classCount; k++) sum += Math.exp(own[k]! - own[best]!);
    losses[i] = Math.log(sum) + own[best]! - own[labels[i]!]!;
    isCorrect[i] = Number(best === labels[i]);
  }
  return { isCorrect, losses };
}

/** Fraction of correct examples, with the binomial standard error. */
export function accuracyOf({ isCorrect }: ExampleScores): MeanOverExamples {
  const value = isCorrect.reduce((sum, correct) => sum + correct, 0) / isCorrect.length;
  return { value, standardError: isCorrect.length > 1 ? Math.sqrt((value * (1 - value)) / isCorrect.length) : Number.NaN };
}

/** Mean cross-entropy in nats. */
export function lossOf({ losses }: ExampleScores): MeanOverExamples {
  const count = losses.length;
  const value = losses.reduce((sum, loss) => sum + loss, 0) / count;
  return { value, standardError: Math.sqrt(losses.reduce((sum, loss) => sum + (loss - value) ** 2, 0) / (count - 1) / count) };
}
