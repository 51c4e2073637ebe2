/** Where the parameters of a layer stand in the vector of all. */
export type ParameterRange = { readonly start: number; readonly end: number };

/**
 * What is kept of the gradients of a layer, summed over the examples of each batch: enough for norms, projections, and both again
 * without any one batch.
 */
export type GradientSums = {
  /** Squared norm of the sum over all batches. */
  readonly square: number;
  /** Squared norm of each batch's sum. */
  readonly squares: Float64Array;
  /** Product of each batch's sum with the sum over all. */
  readonly products: Float64Array;
  /** Product of each batch's sum with the parameters. */
  readonly projections: Float64Array;
};

/**
 * Forms the inner products of batch gradients, layer by layer, in float64.
 *
 * @param gradients  By batch, a sum over its examples, shape (parameters,).
 * @param parameters  Shape (parameters,).
 */
export function gradientSums(gradients: readonly Float32Array[], parameters: Float32Array, ranges: readonly ParameterRange[]): GradientSums[] {
  return ranges.map(({ start, end }) => {
    const total = new Float64Array(end - start);
    for (const gradient of gradients) for (let i = start; i < end; i++) total[i - start]! += gradient[i]!;
    const empty = () => new Float64Array(gradients.length);
    const [squares, products, projections] = [empty(), empty(), empty()];
    gradients.forEach((gradient, batch) => {
      let [square, product, projection] = [0, 0, 0];
      for (let i = start; i < end; i++) {
        const value = gradient[i]!;
        square += value * value;
        product += value * total[i - start]!;
        projection += value * parameters[i]!;
      }
      squares[batch] = square;
      products[batch] = product;
      projections[batch] = projection;
    });
    return { square: total.reduce((sum, value) => sum + value * value, 0), squares, products, projections };
  });
}

/** The sums of several layers together. */
export function combineSums(layers: readonly GradientSums[]): GradientSums {
  const add = (pick: (sums: GradientSums) => Float64Array) => pick(layers[0]!).map((_, batch) => layers.reduce((sum, layer) => sum + pick(layer)[batch]!, 0));
  return {
    square: layers.reduce((sum, { square }) => sum + square, 0),
    squares: add(({ squares }) => squares), products: add(({ products }) => products), projections: add(({ projections }) => projections),
  };
}
