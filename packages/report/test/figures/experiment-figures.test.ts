import { drawPanel } from '../../src/drawing/drawn.js';
import type { ChartPanel, Figure, HeatPanel, ScatterPanel } from '../../src/figures/figure.js';
import { summarizeRepeats } from '../../src/rows/summarize.js';
import { allFigures, type FigureSources } from '../../src/figures/all-figures.js';
import { accuracyByEpoch } from '../../src/figures/accuracy-by-epoch.js';
import { distanceGap } from '../../src/figures/distance-gap.js';
import { distancesByEpoch } from '../../src/figures/distances.js';
import { gradientAlignment } from '../../src/figures/gradient-alignment.js';
import { gradientParts } from '../../src/figures/gradient-parts.js';
import { gradientRatio } from '../../src/figures/gradient-ratio.js';
import { describePhases } from '../../src/figures/phases.js';
import { batchNormByLayer, restorationByLayer } from '../../src/figures/rewinding-by-layer.js';
import { rewindingMaps } from '../../src/figures/rewinding-maps.js';
import { theoryAndSimulation } from '../../src/figures/theory-and-simulation.js';
import { errorByWidth, geometryByWidth } from '../../src/figures/width-sweep.js';
import { layoutProblems } from '../drawing/text-boxes.js';
import { distanceGapExample, distancesExample, gradientsExample, learningExample, phasesExample, rewindingExample, simulationExample, sweepGeometry, sweepHistory } from '../experiment-rows.js';
import { quickstartGeometry, quickstartHistory, quickstartSimilarity, stripedExamples } from '../quickstart-rows.js';

const charts = (figure: Figure | undefined): ChartPanel[] => (figure?.panels ?? []) as ChartPanel[];
const heats = (figure: Figure | undefined): HeatPanel[] => (figure?.panels ?? []) as HeatPanel[];

/** Everything at once, of a run of three seeds. */
const everything: FigureSources = {
  history: quickstartHistory(), learning: learningExample({ seeds: [1, 2, 3] }), measurements: summarizeRepeats([...[0, 4, 30].flatMap(quickstartGeometry), ...simulationExample()]), similarity: quickstartSimilarity(),
  rewinding: rewindingExample({ seeds: [1, 2, 3] }), gradients: gradientsExample({ seeds: [1, 2] }), distances: distancesExample(), distanceGap: distanceGapExample(), phases: phasesExample(), data: stripedExamples(), bestEpoch: 4, panelCount: 3,
};
const sweep: FigureSources = { history: sweepHistory(), geometry: sweepGeometry(), measurements: summarizeRepeats(sweepGeometry()), similarity: [], panelCount: 6 };
const namesOf = (sources: FigureSources): { [heading: string]: string[] } => Object.fromEntries(allFigures(sources).filter(({ figures }) => figures.length > 0).map(({ heading, figures }) => [heading, figures.map(({ name }) => name)]));

test('allFigures() groups figures in reading order, and those of a sweep stand against the width alone', () => {
  expect(namesOf(everything)).toEqual({
    'The examples': ['sample-images'],
    Accuracy: ['accuracy-by-epoch'],
    'Learning, image by image': ['learned-by-epoch', 'margins', 'forgetting'],
    'Geometry, layer by layer': ['capacity-by-layer', 'radius-by-layer', 'dimension-by-layer', 'centerCorrelation-by-layer'],
    'Geometry, epoch by epoch': ['capacity-by-epoch', 'radius-by-epoch', 'dimension-by-epoch', 'centerCorrelation-by-epoch'],
    'Theory and simulation': ['theory-and-simulation'],
    'Layers set back': ['rewinding-tail', 'rewinding-single', 'restoration-by-layer', 'batch-norm-by-layer'],
    Gradients: ['gradient-ratio', 'gradient-norms', 'gradient-projections', 'gradient-alignment'],
    'Distance from initialization': ['distances-by-epoch', 'distance-gap'],
    'Similarity of layers and epochs': ['similarity-maps'],
    'Further measures': ['simulatedCapacity-by-layer'],
  });
  const byWidth = <Row>(rows: readonly Row[]): (Row & { coordinates: { width: number } })[] => rows.map((row, index) => ({ ...row, coordinates: { width: 8 * (1 + (index % 2)) } }));
  const more = { rewinding: byWidth(rewindingExample()), gradients: byWidth(gradientsExample()), distances: byWidth(distancesExample()), learning: byWidth(learningExample()), similarity: byWidth(quickstartSimilarity()) };
  expect(namesOf({ ...sweep, ...more })).toEqual(namesOf(sweep));
  expect(namesOf(sweep)).toEqual({ Width: ['error-by-width', 'geometry-by-width'], Accuracy: ['accuracy-by-width'] });
});

test('figures have distinct names, and no text of any panel leaves it or lies on another', () => {
  const figures = [...allFigures(everything), ...allFigures(sweep)].flatMap((group) => group.figures);
  expect(new Set(figures.map(({ name }) => name)).size).toBe(figures.length);
  for (const { name, panels } of figures) {
    for (const panel of panels) {
      const drawing = drawPanel(panel);
      expect(drawing.svg).not.toMatch(/NaN|undefined|Infinity/);
      expect([name, panel.title, layoutProblems(drawing.svg, drawing)]).toEqual([name, panel.title, []]);
    }
  }
});

test('nothing and rows without values give no figure, and no error', () => {
  expect(namesOf({ history: [], measurements: [], similarity: [], panelCount: 6 })).toEqual({});
  const none = <Row extends { value: number | null }>(rows: readonly Row[]): Row[] => rows.map((row) => ({ ...row, value: null }));
  const { measurements, rewinding, gradients, distances, distanceGap: gap, phases } = everything;
  expect(namesOf({
    history: [], similarity: [], panelCount: 3, phases, measurements: none(measurements), rewinding: none(rewinding!), gradients: none(gradients!), distances: none(distances!), distanceGap: none(gap!),
  })).toEqual({});
  expect(geometryByWidth(none(sweepGeometry()))).toBeUndefined();
  expect(errorByWidth(sweepHistory().filter((row) => row.coordinates.width === 64))).toBeUndefined();
  expect(errorByWidth(quickstartHistory())).toBeUndefined();
});

test('any single row of a table draws without error', () => {
  const draw = (figures: readonly (Figure | undefined)[]): void => {
    for (const figure of figures) for (const panel of figure?.panels ?? []) expect(drawPanel(panel).svg).not.toMatch(/NaN|undefined|Infinity/);
  };
  for (const row of rewindingExample({ treatments: ['kept'] }).slice(0, 30)) draw([rewindingMaps([row], { variant: 'tail' }), rewindingMaps([row], { variant: 'single' }), restorationByLayer([row]), batchNormByLayer([row])]);
  for (const row of gradientsExample().slice(0, 40)) draw([gradientRatio([row]), gradientParts([row], { kind: 'Norm' }), gradientParts([row], { kind: 'Projection' }), gradientAlignment([row])]);
  for (const row of [...distancesExample().slice(0, 6), { ...distancesExample()[0]!, measure: 'relativeDistance', value: 0 }]) draw([distancesByEpoch([row])]);
  for (const row of distanceGapExample()) draw([distanceGap([row])]);
});

test('accuracyByEpoch() draws means over seeds with their standard deviation, and says so', () => {
  const seeds = [0.5, 0.6, 0.7].map((accuracy, seed) => ({ epoch: 3, set: 'test', examples: 100, loss: 1, accuracy, learningRate: 0, coordinates: { seed } }));
  const figure = accuracyByEpoch(seeds);
  const [point] = charts(figure)[0]!.lines[0]!.points;
  expect(point!.y).toBeCloseTo(0.6, 12);
  expect(point!.high! - point!.y).toBeCloseTo(0.1, 12);
  expect(figure.caption).toContain('means over 3 runs (seeds), bands their standard deviation');
  const [one] = charts(accuracyByEpoch(seeds.slice(0, 1)))[0]!.lines[0]!.points;
  expect(one!.high! - one!.y).toBeCloseTo(Math.sqrt(0.25 / 100), 12);
});

test('rewindingMaps() takes re-estimated statistics where there are any, else the only ones, and names the ends', () => {
  const figure = rewindingMaps(rewindingExample(), { variant: 'tail' })!;
  const [test, permuted] = heats(figure);
  expect([test!.title, permuted!.title]).toEqual(['Test accuracy', 'Accuracy on permuted labels']);
  expect(test!.columns).toEqual(['0', '1', '2', '4', '10', '15']);
  expect(test!.rows[0]).toBe('conv1');
  expect(test!.values[5]![3]).toBeCloseTo(0.77, 12);
  expect(permuted!.values[5]![3]).toBeCloseTo(0.08, 12);
  expect(figure.caption).toContain('estimated again on the training images');
  expect(figure.caption).toContain('The final network: test 0.56, permuted 0.99. The network of the best test epoch, 4: test 0.84, permuted 0.04.');
  const kept = rewindingMaps(rewindingExample({ treatments: ['kept'] }), { variant: 'single' })!;
  expect(kept.caption).toContain('final statistics of batch normalization kept');
});

test('fresh weights and fitted read-outs stay out of the maps', () => {
  const rows = rewindingExample();
  const other = [...rows.map((row) => ({ ...row, weights: 'fresh', value: 0 })), ...rows.map((row) => ({ ...row, readout: 'retrained', value: 0 }))];
  expect(rewindingMaps([...rows, ...other], { variant: 'tail' })).toEqual(rewindingMaps(rows, { variant: 'tail' }));
});

test('restoration and batch normalization are shown at the best epoch of each run', () => {
  const rows = rewindingExample({ seeds: [1, 2] });
  const moved = rows.map((row) => (row.coordinates.seed === 2 && row.variant === 'best' ? { ...row, epoch: 10 } : row));
  const [tail] = charts(restorationByLayer(rows))[0]!.lines;
  expect(tail!.points[5]!.y).toBeCloseTo(0.75 + 0.005, 10);
  const [mixed] = charts(restorationByLayer(moved))[0]!.lines;
  expect(mixed!.points[5]!.y).toBeCloseTo((0.75 + 0.375 + 0.01) / 2, 10);
  expect(restorationByLayer(moved)!.caption).toContain('the best test epoch of its run');
  const [chart] = charts(batchNormByLayer(rows));
  expect(chart!.lines.map(({ set }) => set)).toEqual(['reestimated', 'rewound', 'kept']);
  expect(chart!.levels.map(({ label }) => label)).toEqual(['final', 'best epoch']);
  expect(batchNormByLayer(rewindingExample({ treatments: ['kept'] }))).toBeUndefined();
});

test('gradientParts() gives up to nine layers a panel, dashes what does not depend on labels, and puts norms on a log axis', () => {
  const figure = gradientParts(gradientsExample(), { kind: 'Norm' })!;
  expect(figure.panels).toHaveLength(8);
  const [panel] = charts(figure);
  expect(panel!.y.isLog).toBe(true);
  expect(panel!.lines.map(({ label, isDashed }) => [label, isDashed])).toEqual([['unpermuted dep.', false], ['unpermuted ind.', true], ['permuted dep.', false], ['permuted ind.', true]]);
  const deep = gradientParts(gradientsExample({ layerCount: 40 }), { kind: 'Projection' })!;
  expect(deep.panels.map(({ title }) => title)).toEqual(Array.from({ length: 9 }, (_, i) => gradientNames(40)[Math.round((i * 39) / 8)]));
  expect(deep.caption).toContain('31 more layers');
});

test('gradientRatio() has lines for first, middle and last layer and a map of all', () => {
  const figure = gradientRatio(gradientsExample())!;
  expect(charts(figure)[0]!.lines.map(({ set, place }) => [set, place])).toEqual([['conv1', 0], ['conv5', 4 / 7], ['output', 1]]);
  expect(heats(figure)[1]!.rows).toHaveLength(8);
  expect(heats(figure)[1]!.values[0]![1]).toBeCloseTo(0.1, 12);
});

test('gradientAlignment() shows all layers together by epoch and single layers at the first epoch', () => {
  const [byEpoch, byLayer] = charts(gradientAlignment(gradientsExample()));
  expect(byEpoch!.lines.map(({ set }) => set)).toEqual(['unpermuted', 'permuted', 'restored', 'test']);
  expect(byLayer!.lines[1]!.points.map(({ x }) => x)).toEqual(['conv1', 'conv2', 'conv3', 'conv4', 'conv5', 'conv6', 'dense1', 'output']);
  expect(byLayer!.title).toBe('Epoch 0 (as initialized)');
});

test('errorByWidth() marks the first width that learns its labels and draws the best epoch dashed', () => {
  const figure = errorByWidth(sweepHistory())!;
  const [chart] = charts(figure);
  expect(chart!.moments).toEqual([{ x: 64, label: 'interpolates, 64' }]);
  expect(figure.caption).toContain('the first width whose training accuracy is above 0.95');
  expect(chart!.lines.map(({ set, label, isDashed }) => [set, label, isDashed])).toEqual([['test', undefined, undefined], ['test', 'test, best epoch', true], ['training', undefined, undefined]]);
  expect(chart!.lines[0]!.points.find(({ x }) => x === 48)!.y).toBeCloseTo(1 - 0.685, 12);
});

test('geometryByWidth() averages over seeds, not over widths, and says so', () => {
  const seeds = [1, 2, 3].flatMap((seed) => sweepGeometry().map((row) => ({ ...row, coordinates: { ...row.coordinates, seed } })));
  expect(geometryByWidth(seeds)!.caption).toContain('Means over 3 seeds; bands: their standard deviation.');
});

test('geometryByWidth() marks widths with fewer features than points as not comparable', () => {
  const figure = geometryByWidth(sweepGeometry(), { history: sweepHistory() })!;
  expect(figure.panels.map(({ title }) => title)).toEqual(['Radius', 'Dimension', 'Capacity']);
  for (const { lines, moments } of charts(figure)) {
    expect(lines[0]!.points.map(({ x, note }) => [x, note !== undefined])).toEqual([[32, true], [64, false], [128, false], [256, false], [512, false]]);
    expect(moments).toHaveLength(1);
  }
  expect(figure.caption).toContain('Hollow');
});

test('theoryAndSimulation() pairs only what was measured on the same manifolds, and says how far apart they are', () => {
  const rows = simulationExample();
  const figure = theoryAndSimulation(summarizeRepeats(rows))!;
  const [scatter] = figure.panels as ScatterPanel[];
  expect(scatter!.points).toHaveLength(9);
  expect(scatter!.points[0]).toEqual({ set: 'unpermuted', x: 0.364, y: 0.329, xError: 0.008, yError: 0.008, label: 'h4, epoch 5' });
  expect(figure.caption).toContain('10.6 % at most');
  expect(theoryAndSimulation(summarizeRepeats(rows.map((row) => (row.measure === 'capacity' ? { ...row, pointsPerManifold: 40 } : row))))).toBeUndefined();
});

test('distances become a map in deep networks, and the gap shows runs of the layer with the highest correlation', () => {
  expect(distancesByEpoch(distancesExample())!.panels.map(({ kind }) => kind)).toEqual(['chart', 'chart']);
  expect(distancesByEpoch(distancesExample({ layerCount: 20 }))!.panels.map(({ kind }) => kind)).toEqual(['heat', 'chart']);
  const [correlations, runs] = distanceGap(distanceGapExample())!.panels as [ChartPanel, ScatterPanel];
  expect(correlations.lines[0]!.points.at(-1)).toEqual({ x: 'output', y: expect.closeTo(0.9, 12), low: expect.closeTo(0.7, 12), high: 1 });
  expect(runs.title).toBe('Each run, output');
  expect(runs.points).toHaveLength(10);
});

test('describePhases() names phases, and says where none is seen', () => {
  expect(describePhases(phasesExample())).toBe('Phases of the loss, 1 - R squared, by epoch: dense1: constant 0–1, falling 1–4, rising 4–30. No phases seen in 2 of 3 layers and sets.');
  expect(describePhases(phasesExample().slice(0, 2))).toContain('No phases seen: in none of 2 layers and sets');
  expect(describePhases([])).toBe('');
});

function gradientNames(count: number): string[] {
  return [...new Set(gradientsExample({ layerCount: count }).map(({ layer }) => layer))].slice(0, count);
}
