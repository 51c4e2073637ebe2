/** Durations in milliseconds. */
export type Timing = { readonly median: number; readonly fastest: number; readonly slowest: number };

/** A line of a benchmark: what, how long, and facts that say something of it. */
export type BenchmarkRow = { readonly what: string; readonly timing: Timing; readonly facts: { readonly [name: string]: number | string } };

/**
 * Runs work a few times after a warm-up and returns the median duration, and the fastest and slowest.
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
  times.sort((a, b) => a - b);
  return { median: times[times.length >> 1]!, fastest: times[0]!, slowest: times.at(-1)! };
}

/** Prints a row. */
export function printRow({ what, timing: { median, fastest, slowest }, facts }: BenchmarkRow): void {
  const show = (ms: number) => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : ms >= 1 ? `${ms.toFixed(1)} ms` : `${(1000 * ms).toFixed(1)} us`);
  const notes = Object.entries(facts).map(([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`);
  console.log(`${what.padEnd(58)} ${show(median).padStart(9)}  (${show(fastest)} to ${show(slowest)})  ${notes.join('; ')}`);
}
