/**
 * Reports of rows that never change, to be looked at in a browser.
 *
 * Usage: node --conditions=@memgeo/source --import tsx packages/report/test/page/fixture-reports.ts FOLDER
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClaimsRow, GeometryRow, HistoryRow } from '@memgeo/artifacts';
import { composeReport, gatherGeometry } from '../../src/index.js';
import { gatherPoints } from '../../src/rows/gather.js';
import { quickstartGeometry, quickstartHistory, quickstartSimilarity, stripedExamples } from '../quickstart-rows.js';

const options = { question: 'In which layers, after how many epochs, and why does it memorize?', command: 'memgeo run PIPELINE.yaml', panelCount: 6 };

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('fixture-reports: a folder must be named.');
for (const [name, page] of Object.entries({ fixed: fixedReport(), small: smallReport(), big: bigReport() })) {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'index.html'), page);
}

/** A report like the quickstart's, claims of all verdicts included. */
function fixedReport(): string {
  const geometry = gatherGeometry([0, 1, 4, 9, 15, 30].map((epoch) => ({ coordinates: { epoch }, rows: quickstartGeometry(epoch) })));
  return composeReport({ geometry, similarity: onePoint(quickstartSimilarity()), history: onePoint(quickstartHistory()), data: stripedExamples(), lineage: [], claims: fixedClaims() }, { ...options, title: 'A report of fixed rows' }).page;
}

/** A report of few figures, each of another kind. */
function smallReport(): string {
  const geometry = gatherGeometry([0, 30].map((epoch) => ({ coordinates: { epoch }, rows: quickstartGeometry(epoch).filter((row) => row.measure === 'capacity') })));
  return composeReport({ geometry, similarity: onePoint(quickstartSimilarity()), history: onePoint(quickstartHistory()), data: stripedExamples(), lineage: [], claims: fixedClaims() }, { ...options, title: 'A small report' }).page;
}

/** A large report: 100 layers at 50 epochs, 4 sets and 4 measures, 80,000 values. */
function bigReport(): string {
  const [layerCount, epochCount] = [100, 50];
  const sets = ['unpermuted', 'permuted', 'restored', 'test'];
  const measures = ['capacity', 'radius', 'dimension', 'centerCorrelation'];
  const epochs = Array.from({ length: epochCount }, (_, epoch) => epoch);
  const value = (epoch: number, layer: number, set: number): number => Number((0.05 + 0.02 * set + 0.1 * Math.sin(layer / 9 + set) ** 2 * Math.log1p(epoch)).toPrecision(12));
  const rows = (epoch: number): GeometryRow[] => measures.flatMap((measure) => sets.flatMap((set, setIndex) => Array.from({ length: layerCount }, (_, layer): GeometryRow => ({
    epoch, layer: `block${1 + Math.floor(layer / 4)}.conv${1 + (layer % 4)}.relu`, layerIndex: layer + 1, set, measure, value: value(epoch, layer, setIndex), standardError: 0.004, lower: null, upper: null, samplingError: null,
    manifolds: 100, pointsPerManifold: 50, ambientDimension: 1000, note: '',
  }))));
  const history = epochs.flatMap((epoch) => sets.map((set, index): HistoryRow => ({ epoch, set, examples: 1000, loss: 1 / (1 + epoch), accuracy: Math.min(1, (epoch + 1) / (10 + 10 * index)), learningRate: 0.02 })));
  return composeReport({ geometry: gatherGeometry(epochs.map((epoch) => ({ coordinates: { epoch }, rows: rows(epoch) }))), history: onePoint(history), lineage: [] }, { ...options, title: 'A large report' }).page;
}

function onePoint<Row>(rows: readonly Row[]): ReturnType<typeof gatherPoints<Row>> {
  return gatherPoints([{ coordinates: {}, rows }]);
}

function fixedClaims(): ClaimsRow[] {
  const row = (changes: Partial<ClaimsRow> & Pick<ClaimsRow, 'claim' | 'statement' | 'criterion' | 'statistic'>): ClaimsRow => ({
    value: 0.84, lower: 0.8, upper: 0.88, intervalOver: 'seeds', seeds: 3, comparison: 'above', threshold: 0.5, thresholdSource: 'half of the examples', isDeciding: true, verdict: 'shown', reason: '', ...changes,
  });
  const [first, restores, descent] = [
    { claim: 'generalizesFirst', statement: 'The network learns what generalizes first, and memorizes wrong labels later.' },
    { claim: 'rewindingRestores', statement: 'Setting back the last layer alone restores generalization.' },
    { claim: 'doubleDescent', statement: 'The test error falls again beyond the width at which everything is learned.' },
  ] as const;
  return [
    row({ ...first, criterion: 'restoredAccuracyAtBest', statistic: 'Accuracy on restored labels at epoch 4' }),
    row({ ...first, criterion: 'permutedAccuracyAtBest', statistic: 'Accuracy on permuted labels at epoch 4, the best by test accuracy', value: 0.0412, lower: 0.021, upper: 0.062, comparison: 'below', threshold: 0.1, thresholdSource: 'chance is 1/36' }),
    row({ ...first, criterion: 'memorizationDelay', statistic: 'Epochs between the two', value: 21, lower: 15, upper: 27, threshold: 10, isDeciding: false }),
    row({ ...restores, criterion: 'restored', statistic: 'Restored share of the test accuracy, dense1 set back to epoch 4', value: 0.31, lower: 0.1, upper: 0.52, verdict: 'not shown', reason: 'the mean does not reach the threshold' }),
    row({ ...descent, criterion: 'fall', statistic: 'Fall of the test error from its peak', value: 0.012, lower: null, upper: null, intervalOver: 'nothing', seeds: 1, threshold: 0, verdict: 'cannot be judged', reason: 'only one width was trained' }),
  ];
}
