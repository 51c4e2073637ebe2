import { normalDensity, normalTail } from './normal-distribution.js';
import { integrate } from './quadrature.js';

/** Beyond this many standard deviations a Gaussian holds less than 1e-28. */
const far = 11;

/**
 * Capacity of points: 1/alpha = int_{-margin}^inf Dt (t + margin)^2; 2 without a margin [chung2018classification].
 *
 * @param margin  kappa, >= 0.
 */
export function pointCapacity(margin = 0): number {
  return 1 / squaresAbove(-margin, margin);
}

/**
 * Capacity of unstructured points whose labels are random: 2/M. Permuted labels give it before they are memorized.
 *
 * @param pointsPerManifold  M >= 1.
 */
export function chanceCapacity(pointsPerManifold: number): number {
  return 2 / pointsPerManifold;
}

/**
 * Capacity of balls of one radius, in units of the center's norm [chung2018classification].
 *
 * Averages over the length of a Gaussian vector in the ball's own space, which has a chi distribution. For each length, a
 * Gaussian coordinate along the center decides whether the plane is free of the ball, touches it at a point, or holds all of it.
 *
 * @param dimension  D >= 1; between whole numbers it interpolates.
 * @param radius  R > 0.
 * @param margin  kappa, >= 0, in units of the center's norm.
 * @throws RangeError if an argument is out of range.
 */
export function ballCapacity(dimension: number, radius: number, margin = 0): number {
  if (!(dimension >= 1 && radius > 0 && margin >= 0 && dimension + radius + margin < Infinity)) {
    throw new RangeError(`ballCapacity: dimension must be at least 1, radius positive and margin at least 0, all finite; got ${dimension}, ${radius} and ${margin}.`);
  }
  const logNorm = (1 - dimension / 2) * Math.LN2 - logGamma(dimension / 2);
  const chi = (t: number) => (t === 0 ? (dimension > 1 ? 0 : Math.exp(logNorm)) : Math.exp(logNorm + (dimension - 1) * Math.log(t) - (t * t) / 2));
  const inverse = integrate((t) => {
    const shift = margin + radius * t;
    const embeds = t / radius - margin;
    const touching = (squaresAbove(-shift, shift) - squaresAbove(embeds, shift)) / (1 + radius ** 2);
    const embedded = squaresAbove(embeds, margin) + t * t * normalTail(embeds);
    return chi(t) * (touching + embedded);
  }, Math.max(0, Math.sqrt(dimension) - far), Math.sqrt(dimension) + far);
  return 1 / inverse;
}

/** int_from^inf Dx (x + shift)^2. */
function squaresAbove(from: number, shift: number): number {
  return (1 + shift * shift) * normalTail(from) + (from + 2 * shift) * normalDensity(from);
}

/** Logarithm of the gamma function, by Stirling's series after the recurrence. */
function logGamma(x: number): number {
  if (x < 12) return logGamma(x + 1) - Math.log(x);
  const y = 1 / (x * x);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y / 1680))) / x;
}
