import type { Layer } from '../description/layer.js';
import type { NetworkSpec } from '../description/network-spec.js';

/** Modules of an `nn.Sequential`, which are numbered: the steps whose names match, and modules of dropout, which stand there at any rate. */
type NumberedModules = {
  readonly steps: RegExp;
  readonly prefix: string;
  /** Number of the first; default 0. */
  readonly first?: number;
  /** Where dropout stands: behind each ReLU, or in front of each hidden layer; default nowhere. */
  readonly dropout?: 'behind relu' | 'before hidden';
};

/** How PyTorch programs name the modules of a network. */
export type WeightNaming = {
  readonly name: string;
  /** Which networks of a family it is for; default all. */
  readonly isFor?: (spec: { readonly dense?: readonly number[] | undefined }) => boolean;
  /** Whether a layer that is normalized has a bias all the same. */
  readonly hasBiasBeforeNorm: boolean;
  readonly numbered?: readonly NumberedModules[];
  /** The first pattern that our name matches says theirs. */
  readonly renamed?: readonly (readonly [RegExp, string])[];
};

const features = { steps: /^conv\d+(\.|$)/, prefix: 'features.' };
const classifierSteps = /^(dense\d+(\.|$)|output$)/;
const classifier = { steps: classifierSteps, prefix: 'classifier.' };

const sequential = (name: string, options: Pick<NumberedModules, 'first' | 'dropout'> = {}): WeightNaming => ({
  name, hasBiasBeforeNorm: true, numbered: [{ steps: classifierSteps, prefix: '', ...options }],
});
const residual = (name: string, { shortcut, output }: { shortcut: string; output: string }): WeightNaming => ({
  name,
  hasBiasBeforeNorm: false,
  renamed: [
    [/^conv1\.norm$/, 'bn1'],
    [/^(layer\d\.\d)\.conv(\d)\.norm$/, '$1.bn$2'],
    [/^(layer\d\.\d)\.shortcut\.norm$/, `$1.${shortcut}.1`],
    [/^(layer\d\.\d)\.shortcut$/, `$1.${shortcut}.0`],
    [/^output$/, output],
  ],
});

const multilayer = [
  sequential('nn.Sequential with Flatten', { first: 1 }), sequential('nn.Sequential'), sequential('torchvision.ops.MLP', { dropout: 'behind relu' }),
];
const namings: { readonly [kind: string]: readonly WeightNaming[] } = {
  mlp: multilayer,
  linear: multilayer,
  vgg: [
    { name: 'pytorch-cifar', isFor: ({ dense }) => dense?.length === 0, hasBiasBeforeNorm: true, numbered: [features], renamed: [[/^output$/, 'classifier']] },
    { name: 'torchvision', hasBiasBeforeNorm: true, numbered: [features, { ...classifier, dropout: 'behind relu' }] },
  ],
  alexnet: [{ name: 'torchvision', hasBiasBeforeNorm: true, numbered: [features, { ...classifier, dropout: 'before hidden' }] }],
  resnet18: [residual('torchvision', { shortcut: 'downsample', output: 'fc' }), residual('pytorch-cifar', { shortcut: 'shortcut', output: 'linear' })],
  densenet: [{
    name: 'torchvision',
    hasBiasBeforeNorm: false,
    renamed: [[/^output$/, 'classifier'], [/^/, 'features.']],
  }],
};

/** The namings known for a network, the usual one first. */
export function weightNamings(spec: NetworkSpec): readonly WeightNaming[] {
  return (namings[spec.kind] ?? []).filter(({ isFor }) => isFor === undefined || isFor(spec as { dense?: number[] }));
}

/** The name of each step with weights as a PyTorch program says it, by our name. */
export function moduleNames(naming: WeightNaming, layers: readonly Layer[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { steps, prefix, first = 0, dropout } of naming.numbered ?? []) {
    let place = first;
    for (const { name, kind } of layers.filter((layer) => steps.test(layer.name) && layer.kind !== 'dropout')) {
      if (dropout === 'before hidden' && kind === 'dense' && name !== 'output') place++;
      names.set(name, `${prefix}${place++}`);
      if (dropout === 'behind relu' && kind === 'relu') place++;
    }
  }
  for (const { name } of layers) {
    const rule = naming.renamed?.find(([pattern]) => pattern.test(name));
    if (rule) names.set(name, name.replace(rule[0], rule[1]));
    else if (!names.has(name)) names.set(name, name);
  }
  return new Map(layers.filter(({ parameters }) => parameters.length > 0).map(({ name }) => [name, names.get(name)!]));
}

/** What PyTorch counts beside each normalization. */
export function isCounter(name: string): boolean {
  return /(^|\.)num_batches_tracked$/.test(name);
}
