import { describe, expect, test } from '@jest/globals';
import { layerGroups, networkSchema, type NetworkDescription } from '@memgeo/network';
import { networkIdentity, planNetworks, type PlanOptions } from '../../src/index.js';

const groupsOf = (batchNorm: boolean) => layerGroups({ spec: networkSchema.parse({ kind: 'mlp', hidden: [3, 3], batchNorm }), inputShape: [2, 2, 1], classCount: 2, normalization: { mean: 0, standardDeviation: 1 } } satisfies NetworkDescription);
const plan = (given: Partial<PlanOptions> = {}, batchNorm = true) => planNetworks({
  groups: groupsOf(batchNorm), finalEpoch: 9, bestEpoch: 4, variants: ['single', 'tail'], layers: ['dense1', 'dense2', 'output'], epochs: [0, 4],
  batchNorm: ['reestimated'], weights: ['stored'], readout: ['stored'], ...given,
});
const inWords = (networks: ReturnType<typeof plan>) => networks.map(({ variant, groups, epoch, batchNorm, weights, readout }) => [variant, groups.map(({ name }) => name).join('+'), epoch, batchNorm, weights, readout].join(' '));

describe('planNetworks()', () => {
  test('lists the ends of the scale first, then one layer alone and each tail, epoch by epoch', () => {
    expect(inWords(plan({ epochs: [4], layers: ['dense2', 'output'] }))).toEqual([
      'final  9 kept stored stored', 'final  9 reestimated stored stored', 'best dense1+dense2+output 4 rewound stored stored',
      'single dense2 4 reestimated stored stored', 'single output 4 reestimated stored stored', 'tail dense2+output 4 reestimated stored stored', 'tail output 4 reestimated stored stored',
    ]);
  });

  test('without batch normalization there is one kind of statistics, whatever was asked for', () => {
    const networks = plan({ batchNorm: ['reestimated', 'kept', 'rewound'], epochs: [0], variants: ['tail'] }, false);
    expect(inWords(networks)).toEqual([
      'final  9 none stored stored', 'best dense1+dense2+output 4 none stored stored',
      'tail dense1+dense2+output 0 none stored stored', 'tail dense2+output 0 none stored stored', 'tail output 0 none stored stored',
    ]);
  });

  test('fresh weights stand once, under epoch 0, and without test examples there is no best', () => {
    const networks = plan({ weights: ['fresh'], epochs: [3, 4], bestEpoch: undefined, variants: ['single'], layers: ['output'], batchNorm: ['kept'] });
    expect(inWords(networks)).toEqual(['final  9 kept stored stored', 'single output 0 kept fresh stored']);
  });
});

describe('networkIdentity()', () => {
  const identities = (given: Partial<PlanOptions>) => new Map(plan(given).map((network, i) => [inWords(plan(given))[i]!, networkIdentity(network, 9)]));

  test('the last layer alone is the tail from the last layer, and nothing else coincides', () => {
    const all = identities({ epochs: [4] });
    expect(all.get('single output 4 reestimated stored stored')).toBe(all.get('tail output 4 reestimated stored stored'));
    expect(new Set(all.values()).size).toBe(all.size - 1);
  });

  test('setting back to the final epoch is the final network', () => {
    const all = identities({ epochs: [9], batchNorm: ['kept', 'rewound'] });
    expect(new Set([...all].filter(([name]) => !name.startsWith('best')).map(([, identity]) => identity))).toEqual(new Set([all.get('final  9 kept stored stored')]));
  });

  test('the tail of all layers with rewound statistics is the network of that epoch', () => {
    const all = identities({ epochs: [4], batchNorm: ['rewound'] });
    expect(all.get('tail dense1+dense2+output 4 rewound stored stored')).toBe(all.get('best dense1+dense2+output 4 rewound stored stored'));
  });

  test('a retrained readout makes the epoch of the output layer no matter', () => {
    const all = identities({ epochs: [0, 4], readout: ['retrained'] });
    expect(all.get('tail output 0 reestimated stored retrained')).toBe(all.get('single output 4 reestimated stored retrained'));
    expect(all.get('tail dense2+output 4 reestimated stored retrained')).toBe(all.get('single dense2 4 reestimated stored retrained'));
    expect(all.get('single dense2 0 reestimated stored retrained')).not.toBe(all.get('single dense2 4 reestimated stored retrained'));
  });
});
