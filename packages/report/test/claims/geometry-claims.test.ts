import { composeAbstract } from '../../src/claims/abstract.js';
import { geometryClaims, summarizeRepeats, type Claim, type Measurement } from '../../src/index.js';
import { quickstartGeometry } from '../quickstart-rows.js';

const measurement = (epoch: number, layerIndex: number, value: number | null, changes: Partial<Measurement> = {}): Measurement => ({
  epoch, layer: `layer${layerIndex}`, layerIndex, set: 'permuted', measure: 'capacity', value, spread: 0.001, repeats: 1, manifolds: 40, pointsPerManifold: 20, ...changes,
});
const find = (claims: readonly Claim[], name: string): Claim => claims.find((claim) => claim.name === name)!;

test('every claim holds for the measured quickstart, with its changes in percent', () => {
  const claims = geometryClaims(summarizeRepeats([0, 4, 9, 15, 30].flatMap(quickstartGeometry)), { bestEpoch: 4 });
  expect(claims.map(({ verdict }) => verdict)).toEqual(claims.map(() => 'holds'));
  expect(find(claims, 'tightensInLastLayer').finding).toBe('Permuted set in dense1.relu, epoch 0 to 30: radius from 1.69 to 1.09 (−36\u202f%), dimension from 25.7 to 16.9 (−34\u202f%).');
  expect(find(claims, 'losesTrueLabels').finding).toBe('Capacity of the restored set in dense1.relu: 0.202 at epoch 4, 0.107 at epoch 30 (−47\u202f%).');
});

test('permuted capacity counts as risen only 20 % and two standard errors above 2/M', () => {
  // Chance is 2/20 = 0.1.
  const risen = (value: number, spread: number): string => find(geometryClaims([measurement(0, 1, 0.1), measurement(0, 2, 0.1), measurement(5, 1, 0.1), measurement(5, 2, value, { spread })]), 'risesLateAndDeep').verdict;
  expect(risen(0.19, 0.01)).toBe('holds');
  expect(risen(0.119, 0.001)).toBe('fails');
  expect(risen(0.19, 0.05)).toBe('fails');
});

test('memorization in the first layer too contradicts that it is deep', () => {
  const claim = find(geometryClaims([measurement(5, 1, 0.15), measurement(5, 2, 0.19)]), 'risesLateAndDeep');
  expect(claim).toMatchObject({ verdict: 'fails', finding: 'The capacity of the permuted set is first clearly above chance at epoch 5, in layer2; at epoch 5 in layer1 and layer2 (layer2: 1.9 times chance).' });
});

test('one layer, one epoch or no value at all decides nothing that needs more', () => {
  const verdicts = (rows: Measurement[]): { [name: string]: string } => Object.fromEntries(geometryClaims(rows, { bestEpoch: 0 }).map(({ name, verdict }) => [name, verdict]));
  expect(new Set(Object.values(verdicts([])))).toEqual(new Set(['unknown']));
  expect(new Set(Object.values(verdicts([measurement(0, 1, null)])))).toEqual(new Set(['unknown']));
  expect(verdicts([measurement(0, 1, 0.1)])).toMatchObject({ startsAtChance: 'holds', tightensInLastLayer: 'unknown', sparesFirstLayer: 'unknown' });
});

test('composeAbstract() warns of few classes and is honest about what fails', () => {
  const claims = geometryClaims([measurement(0, 1, 0.2), measurement(0, 2, 0.2)]);
  const { limits, answers } = composeAbstract(claims, { manifolds: 10, repeats: 3 });
  expect(limits).toEqual([expect.stringMatching(/^Trend only: the geometry rests on 10 classes/)]);
  expect(composeAbstract(claims, { manifolds: 30, repeats: 3 }).limits).toEqual([]);
  expect(answers.map(({ aspect, verdict }) => [aspect, verdict])).toEqual([['when', 'unknown'], ['where', 'fails'], ['why', 'unknown']]);
});
