import { composeFigure } from '../../src/drawing/compose-figure.js';
import type { Measurement } from '../../src/rows/summarize.js';
import { drawGroups } from '../../src/drawing/draw-groups.js';
import { allFigures } from '../../src/figures/all-figures.js';

/** 100 layers at 50 epochs, 4 sets, 4 measures. */
const measurements = ['capacity', 'radius', 'dimension', 'centerCorrelation'].flatMap((measure, m) => ['unpermuted', 'permuted', 'restored', 'test'].flatMap((set, s) =>
  Array.from({ length: 50 }, (_, epoch) => Array.from({ length: 100 }, (__, layer): Measurement => ({
    epoch, layer: `features.block${Math.floor(layer / 10)}.layer${layer}`, layerIndex: layer + 1, set, measure, value: 0.1 + 0.01 * m + 0.03 * s + 0.001 * ((layer * 37 + epoch * 11) % 50), spread: 0.01, repeats: 1, manifolds: 100, pointsPerManifold: 50,
  }))).flat()));

test.each([[100, 6, 2], [90, 30, 6]])('a report of %d layers, 50 epochs, 4 sets and 4 measures with %d panels a figure has less than %d MB of figures', (layerCount, panelCount, megabytes) => {
  const rows = measurements.filter(({ layerIndex }) => layerIndex! <= layerCount);
  const figures = drawGroups(allFigures({ history: [], measurements: rows, similarity: [], panelCount })).flatMap((group) => group.figures);
  expect(figures).toHaveLength(8);
  const bytes = figures.reduce((sum, { figure, panels }) => sum + composeFigure(figure, panels).length, 0);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(megabytes * 1e6);
});
