import { productsOfCenters, trace, type ClassMeasure } from './class-subsets.js';

/**
 * Measures within-class compression C = Tr(Sigma_W) / Tr(Sigma_B) [wang2023understanding]: mean squared distance of points
 * from the center of their class over that of centers from their mean.
 *
 * It is the quotient form of NC1 [tirer2023perturbation] too. Classes count alike. Of M points per class without any class
 * structure it is (M - 1) K / (K - 1), for centers then differ by sampling alone: compare at equal M only.
 */
export const withinClassCompression: ClassMeasure = (statistics, kept) =>
  kept.reduce((sum, k) => sum + statistics.variances[k]!, 0) / trace(productsOfCenters(statistics, kept), kept.length);

/**
 * Measures between-class discrimination D = 1 - max cos(mu_j, mu_k) over pairs of class centers, which are not globally
 * centered [wang2023understanding]. 0 if two centers have one direction, 1 if the nearest two are orthogonal, at most
 * K / (K - 1). It depends on the origin of feature space, so layers after a ReLU start lower than others.
 */
export const betweenClassDiscrimination: ClassMeasure = ({ centerProducts: products, manifolds }, kept) => {
  const size = manifolds.length;
  let largest = -Infinity;
  for (const j of kept) for (const k of kept) if (j < k) largest = Math.max(largest, products[j * size + k]! / Math.sqrt(products[j * size + j]! * products[k * size + k]!));
  return 1 - largest;
};

/**
 * Measures class-distance normalized variance: the mean over pairs of classes of (v_j + v_k) / (2 |mu_j - mu_k|^2), with v the
 * mean squared distance of points from the center of their class [galanti2022role]. 0 if classes are points.
 */
export const classDistanceVariance: ClassMeasure = ({ centeredProducts: products, variances, manifolds }, kept) => {
  const size = manifolds.length;
  let sum = 0;
  for (const j of kept) {
    for (const k of kept) if (j < k) sum += (variances[j]! + variances[k]!) / (2 * (products[j * size + j]! - 2 * products[j * size + k]! + products[k * size + k]!));
  }
  return sum / ((kept.length * (kept.length - 1)) / 2);
};
