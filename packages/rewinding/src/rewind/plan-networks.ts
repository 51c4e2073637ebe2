import type { LayerGroup } from '@memgeo/network';

/** Statistics of batch normalization of a network put together from two epochs. */
export type Statistics = 'reestimated' | 'rewound' | 'kept' | 'none';

/** One network to evaluate: which layers are set back, to what, and how it is finished. */
export type RewoundNetwork = {
  readonly variant: 'final' | 'best' | 'single' | 'tail';
  /** Layers set back, in order; none for final, all for best. */
  readonly groups: readonly LayerGroup[];
  readonly epoch: number;
  readonly batchNorm: Statistics;
  readonly weights: 'stored' | 'fresh';
  readonly readout: 'stored' | 'retrained';
};

export type PlanOptions = {
  /** All layers with weights of the network. */
  readonly groups: readonly LayerGroup[];
  readonly finalEpoch: number;
  /** Epoch of the best test accuracy; undefined without test examples. */
  readonly bestEpoch: number | undefined;
  readonly variants: readonly ('single' | 'tail')[];
  /** Names of layers where to set back. */
  readonly layers: readonly string[];
  readonly epochs: readonly number[];
  readonly batchNorm: readonly Exclude<Statistics, 'none'>[];
  readonly weights: readonly ('stored' | 'fresh')[];
  readonly readout: readonly ('stored' | 'retrained')[];
};

/**
 * Lists the networks to evaluate: the final one as it was and with its statistics estimated again, the one of the best epoch as it was, then
 * those with layers set back, epoch by epoch.
 *
 * A network without batch normalization has but one kind of statistics, none. Fresh weights stand for epoch 0, once.
 */
export function planNetworks({ groups, finalEpoch, bestEpoch, variants, layers, epochs, batchNorm, weights, readout }: PlanOptions): RewoundNetwork[] {
  const hasStatistics = groups.some(hasNormalization);
  const kinds: readonly Statistics[] = hasStatistics ? batchNorm : ['none'];
  const asItWas = { weights: 'stored', readout: 'stored' } as const;
  const networks: RewoundNetwork[] = [
    { variant: 'final', groups: [], epoch: finalEpoch, batchNorm: hasStatistics ? 'kept' : 'none', ...asItWas },
    ...(kinds.includes('reestimated') ? [{ variant: 'final', groups: [], epoch: finalEpoch, batchNorm: 'reestimated', ...asItWas } as const] : []),
    ...(bestEpoch === undefined ? [] : [{ variant: 'best', groups, epoch: bestEpoch, batchNorm: hasStatistics ? 'rewound' : 'none', ...asItWas } as const]),
  ];
  const sources = weights.flatMap((kind) => (kind === 'fresh' ? [0] : epochs).map((epoch) => ({ weights: kind, epoch })));
  for (const source of sources) {
    for (const statistics of kinds) {
      for (const kind of readout) {
        for (const variant of variants) {
          for (const [position, group] of groups.entries()) {
            if (layers.includes(group.name)) networks.push({ variant, groups: variant === 'single' ? [group] : groups.slice(position), batchNorm: statistics, readout: kind, ...source });
          }
        }
      }
    }
  }
  return networks;
}

/** The layers that make a network differ from the final one: none if it is set back to the final epoch; no output layer if that is retrained. */
export function changedGroups({ groups, epoch, weights, readout }: RewoundNetwork, finalEpoch: number): readonly LayerGroup[] {
  if (weights === 'stored' && epoch === finalEpoch) return [];
  return groups.filter(({ name }) => readout === 'stored' || name !== 'output');
}

/** Names what a network is made of: two with the same name are the same network, such as the last layer alone and the tail from the last layer. */
export function networkIdentity(network: RewoundNetwork, finalEpoch: number): string {
  const { epoch, batchNorm, weights, readout } = network;
  const changed = changedGroups(network, finalEpoch);
  const isRewound = batchNorm === 'rewound' && changed.some(hasNormalization);
  const statistics = batchNorm === 'reestimated' ? 'reestimated' : isRewound ? 'rewound' : 'kept';
  const source = changed.length === 0 ? 'final' : weights === 'fresh' ? 'fresh' : String(epoch);
  return [source, changed.map(({ name }) => name).join('+'), statistics, readout].join('/');
}

function hasNormalization({ parameters }: LayerGroup): boolean {
  return parameters.some(({ isTrainable }) => !isTrainable);
}
