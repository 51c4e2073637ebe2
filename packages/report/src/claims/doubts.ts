/** Fewer classes than this make the mean-field measures a trend only. */
const enoughClasses = 30;

/** A reason to leave undecided what mean-field theory measured on few classes; empty for enough. */
export function fewClasses(manifolds: number): string[] {
  return manifolds < enoughClasses ? [`${manifolds} classes are too few: mean-field theory wants ${enoughClasses} or more, and gives a trend only`] : [];
}

/** What a value that the best epoch is chosen by is limited by. */
export const isOptimistic = 'the test set itself picks the best epoch, so the test accuracy there is a little too high';

/** What to say of layers in a fully connected network. */
export const isGradual = 'a fully connected network: memorization spreads gradually over its layers, and that it is in the last ones is not claimed';
