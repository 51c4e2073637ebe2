/** Integrates a smooth function over [from, to] by Simpson's rule. */
export function integrate(f: (x: number) => number, from: number, to: number, intervals = 400): number {
  const width = (to - from) / intervals;
  let sum = f(from) + f(to);
  for (let i = 1; i < intervals; i++) sum += (i % 2 === 1 ? 4 : 2) * f(from + i * width);
  return (sum * width) / 3;
}
