/** A tick and what stands beside it. */
export type Tick = { readonly value: number; readonly text: string };

/** Round numbers inside a domain, about `count`, all written with the same decimals. */
export function linearTicks([low, high]: readonly [number, number], count = 5): Tick[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((digit) => digit * power >= rough * 0.7) ?? 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const values: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) values.push(i * step);
  const write = (value: number): string => (decimals > 4 ? value.toExponential(0) : value.toFixed(decimals));
  return values.map((value) => ({ value: Number(value.toPrecision(12)), text: value === 0 ? '0' : write(value) }));
}

/** Powers of ten inside a domain; of a narrow one 2 and 5 times them as well. */
export function logTicks([low, high]: readonly [number, number]): Tick[] {
  const decades = Math.log10(high / low);
  const digits = decades > 2.5 ? [1] : decades > 1.2 ? [1, 3] : [1, 2, 5];
  const ticks: Tick[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const digit of digits) {
      const value = Number(`${digit}e${power}`);
      if (value >= low && value <= high) ticks.push({ value, text: power < -3 || power > 4 ? `${digit}e${power}` : String(value) });
    }
  }
  const step = Math.ceil(ticks.length / 7);
  return ticks.filter((_, index) => index % step === 0);
}

/** Round epochs inside a domain, at most a dozen, and its end. */
export function epochTicks([first, last]: readonly [number, number]): number[] {
  const round = [0, 1, 2, 5, ...[1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power))];
  const inside = round.filter((epoch) => epoch >= first && epoch < last);
  const far = inside.filter((epoch) => Math.log1p(last) - Math.log1p(epoch) > 0.08 * (Math.log1p(last) - Math.log1p(first)));
  return [...far, last];
}

/** Keeps from the last down every name that has room beside the one kept before it. */
export function keepApart<T>(items: readonly T[], { position, room }: { position: (item: T) => number; room: (item: T) => number }): T[] {
  const kept: T[] = [];
  for (const item of [...items].reverse()) {
    const next = kept[0];
    if (next === undefined || position(next) - position(item) >= (room(next) + room(item)) / 2) kept.unshift(item);
  }
  return kept;
}
