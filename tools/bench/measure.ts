/** Runs work a few times after a warm-up and returns the median duration in milliseconds, and the fastest and slowest. */
export async function measure(work: () => unknown, { repeats = 5 }: { repeats?: number } = {}): Promise<{ median: number; fastest: number; slowest: number }> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { median: times[times.length >> 1]!, fastest: times[0]!, slowest: times.at(-1)! };
}

/** A line of a benchmark: what, how long, and a rate or ratio that says something. */
export function report(what: string, { median, fastest, slowest }: { median: number; fastest: number; slowest: number }, note = ''): void {
  const show = (ms: number) => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : ms >= 1 ? `${ms.toFixed(1)} ms` : `${(1000 * ms).toFixed(1)} us`);
  console.log(`${what.padEnd(58)} ${show(median).padStart(9)}  (${show(fastest)} to ${show(slowest)})  ${note}`);
}
