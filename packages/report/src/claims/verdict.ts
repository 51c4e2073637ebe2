/** What the numbers say of a criterion or claim. */
export type ClaimVerdict = 'shown' | 'not shown' | 'cannot be judged';

/** Not shown if one is not, else cannot be judged if one can't or there are none, else shown. */
export function joinVerdicts(verdicts: readonly string[]): ClaimVerdict {
  if (verdicts.includes('not shown')) return 'not shown';
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'shown') ? 'shown' : 'cannot be judged';
}
