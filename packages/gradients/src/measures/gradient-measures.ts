import type { GradientSums } from '../split/gradient-sums.js';
import { jackknife, jackknifeQuotient, type Estimate } from './jackknife.js';

const sqrt = Math.sqrt;
const abs = Math.abs;

/** Examples in each batch. */
export type BatchSizes = readonly number[];
/** By batch, the squared norms of probes, and how many dimensions the probes had. */
export type TraceProbes = { readonly squares: Float64Array; readonly dimensions: Float64Array };

/** Half-width of a 95 % interval in standard errors. */
const quantile95 = 1.96;

/** |G| / sqrt(parameters), G the mean over examples. */
export function gradientNorm(sums: GradientSums, { sizes, parameters }: { sizes: BatchSizes; parameters: number }): Estimate {
  return jackknife(normStatistic(sums, sizes, parameters), sizes.length);
}

/** <W, G>, signed. */
export function gradientProjection({ projections }: GradientSums, { sizes }: { sizes: BatchSizes }): Estimate {
  const [total, examples] = [sum(projections), sum(sizes)];
  return jackknife((left) => (left === undefined ? total / examples : (total - projections[left]!) / (examples - sizes[left]!)), sizes.length);
}

/** Quotient of the norms of gradients on two sets without common examples. */
export function gradientRatio(
  above: { readonly sums: GradientSums; readonly sizes: BatchSizes }, below: { readonly sums: GradientSums; readonly sizes: BatchSizes },
): Estimate {
  const of = ({ sums, sizes }: typeof above) => ({ statistic: normStatistic(sums, sizes, 1), batches: sizes.length });
  return jackknifeQuotient(of(above), of(below));
}

/**
 * Norm of the expected gradient, without the floor that a finite number of examples puts under {@link gradientNorm}.
 *
 * The mean of the products of gradients of different batches has no such floor; where nothing but noise is measured it lies
 * around 0 and may be negative. The value is its root with its sign. The error is chosen so that value - 1.96 errors is the
 * root, with sign, of the lower end of the interval of the mean product: above 0 means that there is a gradient.
 *
 * @returns value in the unit of gradientNorm; null with fewer than 2 batches, and an error with 3 or more.
 */
export function unbiasedNorm({ square, squares, products }: GradientSums, { sizes, parameters }: { sizes: BatchSizes; parameters: number }): Estimate | null {
  if (sizes.length < 2) return null;
  const [own, examples, ownPairs] = [sum(squares), sum(sizes), sizes.reduce((total, size) => total + size * size, 0)];
  const statistic = (left?: number) => {
    if (left === undefined) return (square - own) / (examples ** 2 - ownPairs) / parameters;
    const [size, others] = [sizes[left]!, examples - sizes[left]!];
    return (square - 2 * products[left]! + squares[left]! - (own - squares[left]!)) / (others ** 2 - (ownPairs - size * size)) / parameters;
  };
  if (sizes.length < 3) return { value: signedRoot(statistic()), standardError: null };
  const { value, standardError } = jackknife(statistic, sizes.length);
  return { value: signedRoot(value), standardError: (signedRoot(value) - signedRoot(value - quantile95 * standardError!)) / quantile95 };
}

/**
 * Alignment of labels with the tangent kernel Theta of a layer: y' Theta y / |y|^2 in units of what labels without relation to the
 * images give, so that those have about 1.
 *
 * Follows [ortizjimenez2021linearized], whose alignment is y' Theta y / |y|^2, but divides by the trace of Theta per dimension. Labels are
 * centered, so Theta is centered over examples and classes before its trace is taken; its constant part, large in ReLU networks, would
 * otherwise push labels without relation below 1.
 *
 * @param sums  Of the label-dependent gradient, centered.
 * @returns value >= 0; null if no gradient reaches the layer or a batch has less than 2 examples.
 */
export function labelAlignment(
  { square, squares, products }: GradientSums, { sizes, classes, probes }: { sizes: BatchSizes; classes: number; probes: TraceProbes },
): Estimate | null {
  const [trace, dimensions, examples] = [sum(probes.squares), sum(probes.dimensions), sum(sizes)];
  if (!(trace > 0) || !(dimensions > 0)) return null;
  const labelSquare = 1 - 1 / classes;
  return jackknife((left) => {
    if (left === undefined) return square / (examples * labelSquare) / (trace / dimensions);
    const others = square - 2 * products[left]! + squares[left]!;
    return others / ((examples - sizes[left]!) * labelSquare) / ((trace - probes.squares[left]!) / (dimensions - probes.dimensions[left]!));
  }, sizes.length);
}

function normStatistic({ square, squares, products }: GradientSums, sizes: BatchSizes, parameters: number): (left?: number) => number {
  const examples = sum(sizes);
  return (left) => (left === undefined
    ? sqrt(square / parameters) / examples
    : sqrt(Math.max(0, square - 2 * products[left]! + squares[left]!) / parameters) / (examples - sizes[left]!));
}

function signedRoot(value: number): number {
  return Math.sign(value) * sqrt(abs(value));
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
