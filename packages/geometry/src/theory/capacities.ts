import { integrate, normalDensity } from './quadrature.js';

/** Beyond this many standard deviations a Gaussian holds less than 1e-28. */
const far = 11;

/**
 * Capacity of points: 1/alpha = int_{-margin}^inf Dt (t + margin)^2; 2 without a margin [chung2018classification].
 *
 * @param margin  kappa, >= 0.
 */
export function pointCapacity(margin = 0): number {
  return 1 / integrate((t) => normalDensity(t) * (t + margin) ** 2, -margin, far);
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
 * Capacity of balls of one radius, in units of the center's norm, without margin [chung2018classification].
 *
 * Averages over the length of a Gaussian vector in the ball's own space, which has a chi distribution.
 *
 * @param dimension  D >= 1.
 * @param radius  R > 0.
 */
export function ballCapacity(dimension: number, radius: number): number {
  const logNorm = (1 - dimension / 2) * Math.LN2 - logGamma(dimension / 2);
  const chi = (t: number) => (t === 0 && dimension > 1 ? 0 : Math.exp(logNorm + (dimension - 1) * Math.log(t || 1) - (t * t) / 2));
  const inverse = integrate((t) => {
    const touching = integrate((x) => (normalDensity(x) * (radius * t - x) ** 2) / (1 + radius ** 2), Math.max(-t / radius, -far), Math.min(t * radius, far));
    const embedded = t / radius < far ? integrate((x) => normalDensity(x) * (x * x + t * t), -far, -t / radius) : 0;
    return chi(t) * (touching + embedded);
  }, 0, Math.sqrt(dimension) + far);
  return 1 / inverse;
}

/** Logarithm of the gamma function at multiples of one half, by its recurrence. */
function logGamma(x: number): number {
  return x === 0.5 ? Math.log(Math.PI) / 2 : x === 1 ? 0 : Math.log(x - 1) + logGamma(x - 1);
}
