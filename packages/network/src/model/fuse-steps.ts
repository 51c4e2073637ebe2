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
  const readers = new Map<string, Layer[]>();
  for (const layer of layers) for (const name of layer.inputs) readers.set(name, [...(readers.get(name) ?? []), layer]);
  const onlyReader = ({ name }: Layer, kind: Layer['kind']): Layer | undefined => {
    const [reader, ...others] = readers.get(name) ?? [];
    return !wanted.has(name) && others.length === 0 && reader?.kind === kind ? reader : undefined;
  };
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
