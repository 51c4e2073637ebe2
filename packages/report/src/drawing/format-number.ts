/** Writes a number for readers: three significant digits, whole from 100 on, in powers of ten where it is very small or large. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return String(Number(value.toPrecision(2)).toExponential()).replace('e+', 'e');
  return size >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** Rounds to a tenth of a pixel, which is less than can be seen. */
export function pixel(value: number): number {
  return Math.round(value * 10) / 10;
}
