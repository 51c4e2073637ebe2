/**
 * Chooses the epochs that get a panel: the first, the last, those that must be there, and between them
 * those that fill the widest gaps on the log(1 + epoch) scale.
 *
 * @param epochs  Epochs measured, ascending.
 * @param options.count  Most epochs to choose, at least 1.
 * @param options.required  Epochs to include if they were measured, such as the one of the best test accuracy.
 * @returns the chosen epochs, ascending.
 */
export function chooseEpochs(epochs: readonly number[], { count, required = [] }: { count: number; required?: readonly number[] }): number[] {
  if (epochs.length <= count) return [...epochs];
  const chosen = new Set([epochs.at(-1)!, epochs[0]!, ...required.filter((epoch) => epochs.includes(epoch))].slice(0, count));
  const position = (epoch: number): number => Math.log1p(Math.max(0, epoch));
  while (chosen.size < count) {
    const distance = (epoch: number): number => Math.min(...[...chosen].map((other) => Math.abs(position(epoch) - position(other))));
    const rest = epochs.filter((epoch) => !chosen.has(epoch));
    chosen.add(rest.reduce((best, epoch) => (distance(epoch) > distance(best) ? epoch : best)));
  }
  return [...chosen].sort((a, b) => a - b);
}
