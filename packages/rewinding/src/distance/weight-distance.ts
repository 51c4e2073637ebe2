/** How far weights have moved; null where there is no number. */
export type WeightDistance = {
  /** |W - W0|. */
  readonly distance: number;
  /** |W - W0| / |W0|; null if W0 is zero. */
  readonly relativeDistance: number | null;
  /** Cosine of the angle between W and W0; null if either is zero. */
  readonly cosine: number | null;
  /** Number of weights compared. */
  readonly parameters: number;
};

/**
 * Compares the weights of a layer, taken together as one vector, with those it began with [wang2022with].
 *
 * @param weights  W: the tensors of the layer.
 * @param initial  W0: the same tensors before training.
 */
export function weightDistance(weights: readonly Float32Array[], initial: readonly Float32Array[]): WeightDistance {
  let [moved, square, initialSquare, product, parameters] = [0, 0, 0, 0, 0];
  for (const [position, tensor] of weights.entries()) {
    const start = initial[position]!;
    for (let i = 0; i < tensor.length; i++) {
      const [now, then] = [tensor[i]!, start[i]!];
      moved += (now - then) ** 2;
      square += now * now;
      initialSquare += then * then;
      product += now * then;
    }
    parameters += tensor.length;
  }
  return {
    distance: Math.sqrt(moved),
    relativeDistance: initialSquare > 0 ? Math.sqrt(moved / initialSquare) : null,
    cosine: square > 0 && initialSquare > 0 ? product / Math.sqrt(square * initialSquare) : null,
    parameters,
  };
}
