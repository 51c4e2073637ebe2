/** A layer to extract. */
export type ExtractedLayer = {
  readonly name: string;
  /** Units of the layer. */
  readonly features: number;
  /** Features that are written: as many, or those of a projection. */
  readonly kept: number;
  /** Whether outputs are multiplied by a matrix (kept, features). */
  readonly hasMatrix: boolean;
};
/** What a pass over the examples computes of a layer: features [first, first + count) of those kept. */
export type PassPart = { readonly layer: string; readonly first: number; readonly count: number };

/**
 * Divides layers among passes over the examples, in order, as many in each as memory allows.
 *
 * A matrix that is too large for a pass is used in parts, some rows at a time. A pass runs only as deep as its last layer.
 *
 * @param options.points  Rows of each layer.
 * @param options.heldValues  Most activations held at once.
 * @param options.matrixValues  Most values of matrices held at once.
 */
export function planPasses(layers: readonly ExtractedLayer[], { points, heldValues, matrixValues }: { points: number; heldValues: number; matrixValues: number }): PassPart[][] {
  const passes: PassPart[][] = [];
  let [heldRoom, matrixRoom] = [-1, -1];
  const begin = (): void => {
    passes.push([]);
    [heldRoom, matrixRoom] = [heldValues, matrixValues];
  };
  for (const { name, features, kept, hasMatrix } of layers) {
    const [held, matrix] = [points * kept, hasMatrix ? features * kept : 0];
    if (passes.length === 0 || ((held > heldRoom || matrix > matrixRoom) && passes.at(-1)!.length > 0)) begin();
    for (let first = 0; first < kept;) {
      if (first > 0) begin();
      const count = hasMatrix ? Math.min(kept - first, Math.max(1, Math.floor(matrixRoom / features))) : kept;
      passes.at(-1)!.push({ layer: name, first, count });
      first += count;
      matrixRoom -= hasMatrix ? count * features : 0;
    }
    heldRoom -= held;
  }
  return passes;
}
