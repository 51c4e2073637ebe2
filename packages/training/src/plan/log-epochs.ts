const digits = [1, 1.5, 2, 3, 5, 7];

/**
 * Lists round epochs, even on a log scale: 0, then 1, 1.5, 2, 3, 5 and 7 times powers of ten, and the last.
 *
 * @param options.from  The first after 0, if it is one of these; below 1 for fractions of the first epoch.
 * @param options.to  The last epoch.
 * @param options.isWhole  Whether to leave out those that are not whole.
 */
export function logEpochs({ from, to, isWhole }: { from: number; to: number; isWhole: boolean }): number[] {
  const round: number[] = [];
  for (let power = Math.floor(Math.log10(from)); 10 ** power <= to; power++) round.push(...digits.map((digit) => Number(`${digit}e${power}`)));
  return [0, ...round.filter((epoch) => epoch >= from && epoch < to && (!isWhole || Number.isInteger(epoch))), to];
}
