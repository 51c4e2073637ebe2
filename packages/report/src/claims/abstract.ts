import type { Aspect, Claim, Verdict } from './claim.js';

/** Fewer classes than this make the mean-field measures a trend only. */
const fewManifolds = 30;

/** What the claims of one aspect come to. */
export type Answer = { readonly aspect: Aspect; readonly verdict: Verdict; readonly headline: string; readonly claims: readonly Claim[] };

export type Abstract = {
  /** How many expectations hold, in words. */
  readonly summary: string;
  /** Answers to when, where and why. */
  readonly answers: readonly Answer[];
  /** What limits the findings; empty if nothing is known to. */
  readonly limits: readonly string[];
};

/** For each aspect the claims that decide it, and the answer by what they come to. */
const aspects: readonly { readonly aspect: Aspect; readonly deciding: readonly string[]; readonly words: { readonly [V in Verdict]: string } }[] = [
  {
    aspect: 'when',
    deciding: ['learnsCleanFirst', 'memorizesLate'],
    words: {
      holds: 'it learns what images share first, and the wrong labels much later',
      fails: 'it does not clearly learn first and memorize later',
      unknown: 'these data do not tell whether it learns first and memorizes later',
    },
  },
  {
    aspect: 'where',
    deciding: ['risesLateAndDeep', 'sparesFirstLayer'],
    words: {
      holds: 'it memorizes in the last layers, and the first layer is spared',
      fails: 'memorization is not confined to the last layers',
      unknown: 'these data do not tell which layers memorize',
    },
  },
  {
    aspect: 'why',
    deciding: ['tightensInLastLayer'],
    words: {
      holds: 'in the last layer, the wrongly labeled classes become tighter and lose directions',
      fails: 'in the last layer, the wrongly labeled classes do not both become tighter and lose directions',
      unknown: 'these data do not tell how the geometry of the last layer changes',
    },
  },
];

/**
 * Sums up claims: the answers to when, where and why, how many expectations hold, and what to be careful about.
 *
 * @param claims  Decided claims.
 * @param options.manifolds  Fewest class manifolds, P, behind any measurement; undefined without geometry.
 * @param options.repeats  Repeats behind the geometry.
 */
export function composeAbstract(claims: readonly Claim[], { manifolds, repeats }: { manifolds?: number | undefined; repeats: number }): Abstract {
  const answers = aspects.map(({ aspect, deciding, words }): Answer => {
    const verdict = joinVerdicts(claims.filter((claim) => deciding.includes(claim.name)));
    return { aspect, verdict, headline: words[verdict], claims: claims.filter((claim) => claim.aspect === aspect) };
  });
  const limits = [
    ...(manifolds !== undefined && manifolds < fewManifolds ? [`Trend only: the geometry rests on ${manifolds} classes. The theory behind capacity, radius and dimension is for many; below about ${fewManifolds}, compare directions, not values.`] : []),
    ...(repeats <= 1 ? ['One run: the bands do not show how much another seed would differ.'] : []),
    ...(claims.some((claim) => claim.name === 'overfits' && claim.verdict !== 'unknown') ? ['The test set itself picks the best epoch, so the accuracy there is a little optimistic.'] : []),
  ];
  return { summary: summarize(claims), answers, limits };
}

/** Fails if one fails, is unknown if one is, holds if all do. */
function joinVerdicts(claims: readonly Claim[]): Verdict {
  if (claims.some((claim) => claim.verdict === 'fails')) return 'fails';
  return claims.length === 0 || claims.some((claim) => claim.verdict === 'unknown') ? 'unknown' : 'holds';
}

function summarize(claims: readonly Claim[]): string {
  const count = (verdict: Verdict): number => claims.filter((claim) => claim.verdict === verdict).length;
  if (count('holds') === claims.length) return `All ${claims.length} expectations hold.`;
  const parts = [`Of ${claims.length} expectations, ${count('holds')} ${count('holds') === 1 ? 'holds' : 'hold'}`];
  if (count('fails') > 0) parts.push(`${count('fails')} ${count('fails') === 1 ? 'does' : 'do'} not`);
  if (count('unknown') > 0) parts.push(`${count('unknown')} can't be decided from these data`);
  return `${parts.join(', ')}.`;
}
