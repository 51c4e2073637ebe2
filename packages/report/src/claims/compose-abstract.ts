import type { ClaimsRow } from '@memgeo/artifacts';
import { fewClasses, isGradual, isOptimistic } from './doubts.js';
import { joinVerdicts, type ClaimVerdict } from './verdict.js';

/** A claim, what it comes to, and the criteria behind it. */
export type JudgedClaim = { readonly name: string; readonly statement: string; readonly verdict: ClaimVerdict; readonly criteria: readonly ClaimsRow[] };

/** An answer to one of the questions, in a sentence without a period. */
export type Answer = { readonly question: string; readonly verdict: ClaimVerdict; readonly headline: string };

export type Abstract = {
  /** Answers to when, where, why and what else was asked of the data. */
  readonly answers: readonly Answer[];
  /** How many claims are shown, in words. */
  readonly summary: string;
  /** What limits the findings, a sentence each; empty if nothing is known to. */
  readonly limits: readonly string[];
  /** Claims about which anything was measured. */
  readonly claims: readonly JudgedClaim[];
};

type Question = { readonly question: string; readonly deciding: readonly string[]; readonly words: { readonly [V in ClaimVerdict]: string } };

/** Questions, the criteria that answer them, and the answers. */
const questions: readonly Question[] = [
  {
    question: 'When',
    deciding: ['permutedAccuracyAtBest', 'restoredAccuracyAtBest', 'memorizationDelay', 'permutedAccuracyAtEnd'],
    words: {
      shown: 'it learns what images share first, and the wrong labels much later',
      'not shown': 'it is not shown that it generalizes first and memorizes later',
      'cannot be judged': 'these data do not tell whether it generalizes first and memorizes later',
    },
  },
  {
    question: 'Where',
    deciding: ['permutedCapacityInLast', 'permutedCapacityInFirst', 'earlyLayersChange'],
    words: {
      shown: 'it memorizes in the last layers, and the early ones are spared',
      'not shown': 'it is not shown that memorization is confined to the last layers',
      'cannot be judged': 'these data do not tell which layers memorize',
    },
  },
  {
    question: 'Why there',
    deciding: ['radiusChange', 'dimensionChange'],
    words: {
      shown: 'in the last hidden layer, the wrongly labeled classes become tighter and lose directions',
      'not shown': 'it is not shown that the wrongly labeled classes become tighter and lose directions in the last hidden layer',
      'cannot be judged': 'these data do not tell how the geometry of the last hidden layer changes',
    },
  },
  {
    question: 'Why late',
    deciding: ['permutedGradientEarly', 'permutedGradientAtEnd', 'alignmentAtStart'],
    words: {
      shown: 'at first the wrong labels hardly pull on the weights, much less than the right ones',
      'not shown': 'it is not shown that the pull of wrong labels on the weights goes from weak to strong',
      'cannot be judged': 'these data do not tell how strongly wrong labels pull on the weights',
    },
  },
  {
    question: 'Can it be undone',
    deciding: ['restorationByLast3', 'restorationByLast4', 'permutedAccuracyAfterLast3', 'permutedAccuracyAfterLast4'],
    words: {
      shown: 'yes, setting back the last few layers restores most of the lost test accuracy and forgets the wrong labels',
      'not shown': 'it is not shown that setting back the last few layers restores most of the lost test accuracy and forgets the wrong labels',
      'cannot be judged': 'these data do not tell whether setting back the last few layers restores test accuracy',
    },
  },
  {
    question: 'How does width matter',
    deciding: ['dipDepth', 'recovery', 'radiusAcrossWidths', 'dimensionAcrossWidths'],
    words: {
      shown: 'test accuracy falls and recovers with width, as the classes gain directions at about the same radius',
      'not shown': 'it is not shown that test accuracy, radius and dimension all change with width as in a double descent',
      'cannot be judged': 'these data do not tell whether there is a double descent',
    },
  },
];

/** Groups rows by claim, in their order, and joins the verdicts of the criteria that decide. */
export function groupClaims(rows: readonly ClaimsRow[]): JudgedClaim[] {
  return [...new Set(rows.map(({ claim }) => claim))].map((name) => {
    const criteria = rows.filter(({ claim }) => claim === name);
    return { name, statement: criteria[0]!.statement, verdict: joinVerdicts(criteria.filter(({ isDeciding }) => isDeciding).map(({ verdict }) => verdict)), criteria };
  });
}

/**
 * Sums up a table of claims: the answers to when, where and why, how many claims are shown, and what to be careful about.
 *
 * Claims and questions about which nothing at all was measured are left out.
 *
 * @param rows  Rows of a claims table.
 */
export function composeAbstract(rows: readonly ClaimsRow[]): Abstract {
  const claims = groupClaims(rows).filter(({ criteria }) => criteria.some(isMeasured));
  const answers = questions.flatMap(({ question, deciding, words }) => {
    const criteria = rows.filter(({ criterion, isDeciding }) => isDeciding && deciding.includes(criterion));
    if (!criteria.some(isMeasured)) return [];
    const verdict = joinVerdicts(criteria.map((row) => row.verdict));
    return [{ question, verdict, headline: words[verdict] }];
  });
  return { answers, summary: summarize(claims), limits: findLimits(rows), claims };
}

function isMeasured({ value }: ClaimsRow): boolean {
  return value !== null;
}

function summarize(claims: readonly JudgedClaim[]): string {
  if (claims.length === 0) return 'Nothing was measured that a claim could be judged by.';
  const counts = (['shown', 'not shown', 'cannot be judged'] as const).map((verdict) => ({ verdict, count: claims.filter((claim) => claim.verdict === verdict).length })).filter(({ count }) => count > 0);
  const subject = claims.length === 1 ? 'The one claim examined' : `Of ${claims.length} claims examined,`;
  if (claims.length === 1) return `${subject} ${counts[0]!.verdict === 'cannot be judged' ? 'cannot be judged' : `is ${counts[0]!.verdict}`}.`;
  return `${subject} ${counts.map(({ verdict, count }) => `${count} ${verdict === 'cannot be judged' ? verdict : `${count === 1 ? 'is' : 'are'} ${verdict}`}`).join(', ')}.`;
}

function findLimits(rows: readonly ClaimsRow[]): string[] {
  const measured = rows.filter(isMeasured);
  if (measured.length === 0) return [];
  const parts = new Set(measured.flatMap(({ reason }) => reason.split('; ')));
  const few = [...parts].filter((part) => isFewClasses(part));
  const seeds = Math.max(...measured.map((row) => row.seeds));
  return [
    ...few.map(toSentence),
    ...(seeds <= 1 ? ['One seed: intervals are of this run alone, over its examples and classes, and do not tell how much another seed would differ.'] : seeds === 2 ? ['Two seeds: intervals over seeds are very wide; a third narrows them much.'] : []),
    ...[isGradual, isOptimistic].filter((part) => parts.has(part)).map(toSentence),
  ];
}

function isFewClasses(text: string): boolean {
  const count = Number.parseInt(text, 10);
  return Number.isInteger(count) && fewClasses(count).includes(text);
}

function toSentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
