/** Standard errors that the loss of test accuracy must be above 0 for its restoration to have a meaning. */
const clearLoss = 2;

export type Restoration = {
  /** 0: as the final network; 1: as the best. Null if there is nothing to restore. */
  readonly value: number | null;
  readonly standardError: number | null;
  /** Why there is no value; empty if there is one. */
  readonly note: string;
};

/**
 * Computes how much of the lost test accuracy a network has again: (rewound - final) / (best - final).
 *
 * All three have seen the same test images, so the standard error is that of a ratio of means of paired differences (delta method
 * [cochran1977sampling]): it answers for other test images, not for another best epoch. The best epoch is
 * chosen on the test set itself, which makes the loss look larger by a little.
 *
 * @param rewound  1 for each test example that is classified correctly, shape (examples).
 * @param options.final  The same for the final network as it was.
 * @param options.best  The same for the network of the best epoch as it was.
 */
export function restoration(rewound: Uint8Array, { final, best }: { final: Uint8Array; best: Uint8Array }): Restoration {
  const count = rewound.length;
  const lost = best.reduce((sum, correct, i) => sum + correct - final[i]!, 0) / count;
  const spread = (residual: (i: number) => number): number => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += residual(i) ** 2;
    return Math.sqrt(sum / (count - 1) / count);
  };
  const lostError = spread((i) => best[i]! - final[i]! - lost);
  if (!(lost > clearLoss * lostError)) {
    const amount = count > 1 ? `${lost.toFixed(3)} with a standard error of ${lostError.toFixed(3)}` : `that of ${count} example`;
    return { value: null, standardError: null, note: `There is nothing to restore: the test accuracy lost since the best epoch is ${amount}.` };
  }
  const value = rewound.reduce((sum, correct, i) => sum + correct - final[i]!, 0) / count / lost;
  return { value, standardError: spread((i) => rewound[i]! - final[i]! - value * (best[i]! - final[i]!)) / lost, note: '' };
}
