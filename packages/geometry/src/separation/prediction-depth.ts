/**
 * Finds for each example the depth from which on the nearest-neighbor votes of all layers equal that of the last: prediction
 * depth [baldock2021deep]. Examples of small depth are easy.
 *
 * The paper takes the network's own decision for the last; here it is the vote of the last layer given, so that no example is
 * without a depth.
 *
 * @param votes  Vote of each example, one array per layer, first layer first.
 * @param depths  Depth of each layer, ascending.
 * @returns the depth of each example, shape (examples).
 * @throws RangeError if sizes differ or there is no layer.
 */
export function predictionDepths(votes: readonly ArrayLike<number>[], depths: readonly number[]): Float64Array {
  if (votes.length === 0 || votes.length !== depths.length) {
    throw new RangeError(`predictionDepths: depths must have one entry for each of the ${votes.length} layers, at least 1; got ${depths.length}.`);
  }
  const final = votes.at(-1)!;
  if (votes.some((layer) => layer.length !== final.length)) {
    throw new RangeError(`predictionDepths: every layer must have votes of the same examples; got ${votes.map((layer) => layer.length).join(', ')}.`);
  }
  return Float64Array.from({ length: final.length }, (_, example) => {
    let layer = votes.length - 1;
    while (layer > 0 && votes[layer - 1]![example] === final[example]) layer--;
    return depths[layer]!;
  });
}
