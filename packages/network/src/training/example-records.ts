/** What training has seen of each example so far; all that {@link ExampleRecords} needs to go on. */
export type RecordedCounts = { readonly [column in (typeof columns)[number]]: Float32Array };

/** What one example's history of training comes to. */
export type ExampleRecord = {
  /** Times it has been trained on. */
  readonly epochs: number;
  /** The first epoch in which it was given its label; null if never. */
  readonly firstLearnedEpoch: number | null;
  /** The epoch from which on it always was; null if it was not in the last. */
  readonly learnedForGoodEpoch: number | null;
  /** How often it was given its label in one epoch, and another in the next [toneva2019empirical]. */
  readonly forgettingEvents: number;
  /** Mean margin over epochs [pleiss2020identifying]. */
  readonly areaUnderMargin: number;
  /** Margin in the last epoch. */
  readonly finalMargin: number;
};

const columns = ['epochs', 'firstLearned', 'learnedSince', 'forgettingEvents', 'marginSum', 'lastMargin'] as const;

/**
 * Follows how examples are learned and forgotten, by the logits that training itself computes when it comes to them.
 *
 * So an example is judged once an epoch, just before the step that it is part of, in training mode; that is how forgetting events
 * [toneva2019empirical] and the area under the margin [pleiss2020identifying] are defined, and it costs no further pass. The margin is the
 * logit of the assigned label minus the largest other one.
 */
export class ExampleRecords {
  readonly #counts: RecordedCounts;

  /** @param counts  From {@link counts}, to go on. */
  constructor(exampleCount: number, counts?: RecordedCounts) {
    this.#counts = counts ?? (Object.fromEntries(columns.map((column) => [column, new Float32Array(exampleCount)])) as RecordedCounts);
  }

  get counts(): RecordedCounts {
    return this.#counts;
  }

  /**
   * Takes in the logits of a batch.
   *
   * @param logits  Shape (examples, classes), row-major.
   * @param options.epoch  The epoch under way, from 1.
   * @param options.labels  Assigned class of every example, by example.
   */
  add(examples: ArrayLike<number>, logits: Float32Array, { epoch, labels }: { epoch: number; labels: ArrayLike<number> }): void {
    const classes = logits.length / examples.length;
    const { epochs, firstLearned, learnedSince, forgettingEvents, marginSum, lastMargin } = this.#counts;
    for (let i = 0; i < examples.length; i++) {
      const example = examples[i]!;
      const margin = marginOf(logits.subarray(i * classes, (i + 1) * classes), labels[example]!);
      epochs[example]!++;
      marginSum[example]! += margin;
      lastMargin[example] = margin;
      // A tie is no knowledge.
      if (margin > 0) {
        if (firstLearned[example] === 0) firstLearned[example] = epoch;
        if (learnedSince[example] === 0) learnedSince[example] = epoch;
      } else {
        if (learnedSince[example] !== 0) forgettingEvents[example]!++;
        learnedSince[example] = 0;
      }
    }
  }

  of(example: number): ExampleRecord {
    const { epochs, firstLearned, learnedSince, forgettingEvents, marginSum, lastMargin } = this.#counts;
    return {
      epochs: epochs[example]!, firstLearnedEpoch: firstLearned[example]! || null, learnedForGoodEpoch: learnedSince[example]! || null,
      forgettingEvents: forgettingEvents[example]!, areaUnderMargin: marginSum[example]! / epochs[example]!, finalMargin: lastMargin[example]!,
    };
  }
}

function marginOf(logits: Float32Array, label: number): number {
  let largest = -Infinity;
  for (let k = 0; k < logits.length; k++) if (k !== label && logits[k]! > largest) largest = logits[k]!;
  return logits[label]! - largest;
}
