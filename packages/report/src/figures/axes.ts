import type { HorizontalAxis, Line } from './figure.js';

/** An axis of epochs that covers some epochs, at least one wide. */
export function epochAxis(epochs: readonly number[]): HorizontalAxis {
  const [first, last] = extent(epochs);
  const domain: [number, number] = first === last ? [Math.max(0, first - 1), first + 1] : [first, last];
  return { kind: 'epochs', domain, label: 'Epoch, log(1 + epoch) scale' };
}

/**
 * Bounds a vertical axis so that every line, band and level fits, with a margin of 5 %.
 *
 * @param options.isFromZero  Whether the axis starts at 0 if nothing is below.
 * @param options.levels  Values that must fit as well.
 */
export function valueDomain(lines: readonly Line[], { isFromZero, levels = [] }: { isFromZero: boolean; levels?: readonly number[] }): [number, number] {
  const values = [...levels, ...lines.flatMap((line) => line.points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]))];
  if (values.length === 0) return [0, 1];
  const [lowest, highest] = extent(isFromZero ? [0, ...values] : values);
  const margin = (highest - lowest || Math.abs(highest) || 1) * 0.05;
  return [isFromZero && lowest === 0 ? 0 : lowest - margin, highest + margin];
}

/** The lowest and the highest of many values, more than a call can have arguments. */
function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(([lowest, highest], value) => [value < lowest ? value : lowest, value > highest ? value : highest], [Infinity, -Infinity]);
}
