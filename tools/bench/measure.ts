/** Durations in milliseconds. */
export type Timing = { readonly median: number; readonly quartiles: readonly [number, number]; readonly fastest: number; readonly slowest: number };

/** A line of a benchmark: what, how long, and facts that say something of it. */
export type BenchmarkRow = { readonly what: string; readonly timing: Timing; readonly facts: { readonly [name: string]: number | string } };

/**
 * Runs work a few times after a warm-up and returns the median duration, the quartiles, and the fastest and slowest.
 *
 * @param options.warmUpMs  What runs first is compiled while it runs, in every thread. Default 300.
 */
export async function measure(work: () => unknown, { repeats = 5, warmUpMs = 300 }: { repeats?: number; warmUpMs?: number } = {}): Promise<Timing> {
  for (const started = performance.now(); performance.now() - started < warmUpMs;) await work();
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return summarize(times);
}

/** @param times  At least one. */
export function summarize(times: readonly number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return { median: sorted[sorted.length >> 1]!, quartiles: [at(0.25), at(0.75)], fastest: sorted[0]!, slowest: sorted.at(-1)! };
}

/** The timing of one of many equal parts of what was timed. */
export function timingOfPart({ median, quartiles: [low, high], fastest, slowest }: Timing, parts: number): Timing {
  return { median: median / parts, quartiles: [low / parts, high / parts], fastest: fastest / parts, slowest: slowest / parts };
}

/** Prints a row. */
export function printRow({ what, timing: { median, fastest, slowest }, facts }: BenchmarkRow): void {
  const show = (ms: number) => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : ms >= 1 ? `${ms.toFixed(1)} ms` : `${(1000 * ms).toFixed(1)} us`);
  const notes = Object.entries(facts).map(([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`);
  console.log(`${what.padEnd(58)} ${show(median).padStart(9)}  (${show(fastest)} to ${show(slowest)})  ${notes.join('; ')}`);
}
