export { formatValue } from './format-value.js';

/** `holds` or `fails` as the stated threshold decides; `unknown` if the rows do not say. */
export type Verdict = 'holds' | 'fails' | 'unknown';

/** The part of the question that a claim belongs to. */
export type Aspect = 'when' | 'where' | 'why';

/** A statement about the run, decided by its numbers. */
export type Claim = {
  readonly name: string;
  readonly aspect: Aspect;
  /** What would be expected of a network that first generalizes and then memorizes. */
  readonly expectation: string;
  readonly verdict: Verdict;
  /** What was found, with the numbers. */
  readonly finding: string;
};

/** A relative change in percent, with its sign. */
export function formatChange(from: number, to: number): string {
  const percent = Math.round((to / from - 1) * 100);
  return percent === 0 ? '±0 %' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`;
}
