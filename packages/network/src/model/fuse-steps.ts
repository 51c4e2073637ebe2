import type { Layer } from '../description/layer.js';

/** Layers that are run as one operation, which takes in what the first does and has the name of the last. */
export type FusedStep = { readonly name: string; readonly inputs: readonly string[]; readonly layer: Layer; readonly norm: Layer | undefined; readonly relu: Layer | undefined };

/**
 * Joins layers with weights but no bias with the normalization and ReLU that alone read them.
 *
 * @param options.wanted  Names of values that must come out.
 * @param options.takesNorm  Whether a normalization may be folded into the layer with weights before it.
 * @param options.takesRelu  The same for the ReLU after that.
 */
export function fuseSteps(
  layers: readonly Layer[], { wanted, takesNorm, takesRelu }: { wanted: ReadonlySet<string>; takesNorm: (layer: Layer, norm: Layer) => boolean; takesRelu: (layer: Layer, relu: Layer) => boolean },
): FusedStep[] {
  const onlyReader = findOnlyReaders(layers, wanted);
  const taken = new Set<Layer>();
  return layers.flatMap((layer) => {
    if (taken.has(layer)) return [];
    const isUnbiased = (layer.kind === 'convolution' || layer.kind === 'dense') && layer.parameters.length === 1;
    const following = isUnbiased ? onlyReader(layer, 'norm') : undefined;
    const norm = following && takesNorm(layer, following) ? following : undefined;
    const next = norm && onlyReader(norm, 'relu');
    const relu = next && takesRelu(layer, next) ? next : undefined;
    if (norm) taken.add(norm);
    if (relu) taken.add(relu);
    return [{ name: (relu ?? norm ?? layer).name, inputs: layer.inputs, layer, norm, relu }];
  });
}

/** A normalization and the ReLU that alone reads it, which has the name of the ReLU; or a layer as it is. */
export type RectifiedStep = { readonly name: string; readonly inputs: readonly string[]; readonly layer: Layer; readonly isRectified: boolean };

/** Joins normalizations with the ReLUs that alone read them: what lies between need not be kept. */
export function joinRectifiers(layers: readonly Layer[], wanted: ReadonlySet<string>): RectifiedStep[] {
  const onlyReader = findOnlyReaders(layers, wanted);
  const joined = new Map(layers.flatMap((layer) => {
    const relu = layer.kind === 'norm' ? onlyReader(layer, 'relu') : undefined;
    return relu ? [[layer, relu] as const] : [];
  }));
  const taken = new Set(joined.values());
  return layers.filter((layer) => !taken.has(layer)).map((layer) => {
    const relu = joined.get(layer);
    return { name: (relu ?? layer).name, inputs: layer.inputs, layer, isRectified: relu !== undefined };
  });
}

/** Finds the layer of a kind that alone reads the output of another, which is not wanted itself. */
function findOnlyReaders(layers: readonly Layer[], wanted: ReadonlySet<string>): (layer: Layer, kind: Layer['kind']) => Layer | undefined {
  const readers = new Map<string, Layer[]>();
  for (const layer of layers) for (const name of layer.inputs) readers.set(name, [...(readers.get(name) ?? []), layer]);
  return ({ name }, kind) => {
    const [reader, ...others] = readers.get(name) ?? [];
    return !wanted.has(name) && others.length === 0 && reader?.kind === kind ? reader : undefined;
  };
}
