import type { LearningRow } from '@memgeo/artifacts';
import { drawPanel } from '../../src/drawing/drawn.js';
import type { ChartPanel, Figure, TablePanel } from '../../src/figures/figure.js';
import { forgetting } from '../../src/figures/forgetting.js';
import { learnedByEpoch } from '../../src/figures/learned-by-epoch.js';
import { marginDistributions } from '../../src/figures/margins.js';
import { shareOf } from '../../src/learning/interval.js';
import { figureTable } from '../../src/page/figure-table.js';
import { layoutProblems } from '../drawing/text-boxes.js';
import { learningExample } from '../experiment-rows.js';

const row = (isPermuted: boolean, firstLearnedEpoch: number | null, learnedForGoodEpoch: number | null, forgettingEvents: number, areaUnderMargin: number, finalMargin = areaUnderMargin): LearningRow => ({
  exampleId: 0, trueLabel: 0, assignedLabel: Number(isPermuted), isPermuted, epochs: 4, firstLearnedEpoch, learnedForGoodEpoch, forgettingEvents, areaUnderMargin, finalMargin,
});
const tiny = [row(false, 1, 1, 0, 5), row(false, 1, 3, 1, 4), row(true, 2, 4, 1, 3), row(true, 3, null, 2, 2), row(true, null, null, 0, 1, 6), row(true, 4, 4, 0, 4.5)];
const charts = (figure: Figure | undefined): ChartPanel[] => figure!.panels.filter((panel): panel is ChartPanel => panel.kind === 'chart');
const tables = (figure: Figure | undefined): TablePanel[] => figure!.panels.filter((panel): panel is TablePanel => panel.kind === 'table');

test('learnedByEpoch() counts who was learned by an epoch once, and who for good', () => {
  const figure = learnedByEpoch(tiny, { bestEpoch: 2 });
  const shares = charts(figure).map(({ lines }) => lines.map(({ set, points }) => [set, ...points.map(({ x, y }) => [x, y])]));
  expect(shares[0]).toEqual([['unpermuted', [1, 1], [2, 1], [3, 1], [4, 1]], ['permuted', [1, 0], [2, 0.25], [3, 0.5], [4, 0.75]]]);
  expect(shares[1]).toEqual([['unpermuted', [1, 0.5], [2, 0.5], [3, 1], [4, 1]], ['permuted', [1, 0], [2, 0], [3, 0], [4, 0.5]]]);
  const { lower, upper } = shareOf(1, 4);
  expect(charts(figure)[0]!.lines[1]!.points[1]).toEqual({ x: 2, y: 0.25, low: lower, high: upper });
  expect(charts(figure)[0]!.moments).toEqual([{ x: 2, label: 'best test, epoch 2' }]);
  expect(figure!.caption).toContain('2 unpermuted and 4 permuted images. One run; bands: 95 % intervals over images.');
});

test('learnedByEpoch() averages over seeds; of a seed that ended earlier the last share stays', () => {
  const seeds = [...tiny.map((one) => ({ ...one, coordinates: { seed: 1 } })), ...tiny.map((one) => ({ ...one, epochs: 8, firstLearnedEpoch: 8, coordinates: { seed: 2 } }))];
  const [permuted] = charts(learnedByEpoch(seeds))[0]!.lines.slice(1);
  expect(permuted!.points.map(({ y }) => y)).toEqual([0, 0.125, 0.25, 0.375, 0.375, 0.375, 0.375, 0.875]);
  expect(learnedByEpoch(seeds)!.caption).toContain('images a run. Means over 2 seeds; bands: 95 % intervals over them.');
  expect(learnedByEpoch(learningExample({ epochs: 1000 }))!.panels.map((panel) => (panel as ChartPanel).lines[0]!.points.length)).toEqual([60, 60]);
});

test('marginDistributions() ends at 1, rises through the shares, and says how well margins tell wrong labels', () => {
  const figure = marginDistributions(tiny);
  const [aum] = charts(figure);
  expect(aum!.lines.map(({ set, points }) => [set, ...points.map(({ x, y }) => [x, y])])).toEqual([['unpermuted', [4, 0.5], [5, 1]], ['permuted', [1, 0.25], [2, 0.5], [3, 0.75], [4.5, 1]]]);
  expect(aum!.x).toMatchObject({ kind: 'numbers', domain: [1, 5] });
  // Of eight pairs, 5 is larger than all four and 4 than three; in the last epoch one more is larger than both.
  expect(tables(figure)[0]!.rows.map(({ name, cells }) => [name, cells[0]!.value])).toEqual([['AUM', 7 / 8], ['Margin in the last epoch', 5 / 8]]);
  const seeds = [1, 2].flatMap((seed) => tiny.map((one) => ({ ...one, areaUnderMargin: seed === 1 ? one.areaUnderMargin : Number(one.isPermuted), coordinates: { seed } })));
  expect(tables(marginDistributions(seeds))[0]!.rows[0]!.cells[0]!.value).toBeCloseTo((7 / 8 + 0) / 2, 12);
});

test('forgetting() counts as never forgotten only what was learned', () => {
  const [{ columns, rows }] = tables(forgetting(tiny)) as [TablePanel];
  expect(columns.map(({ set }) => set)).toEqual(['unpermuted', 'permuted']);
  expect(rows.map(({ name, cells }) => [name, ...cells.map(({ value }) => value)])).toEqual([['Forgetting events (mean)', 0.5, 0.75], ['Never forgotten (share)', 0.5, 0.25], ['Never learned (share)', 0, 0.25]]);
  expect(figureTable(forgetting(tiny)!)).toMatchObject({ columns: ['Set', 'Statistic', 'Events per image, share of images', 'Low', 'High'], rows: expect.arrayContaining([['permuted', 'Never forgotten (share)', '0.25', '0.0455873', '0.699358']]) });
});

test('one set alone is shown without what it takes two for; no images give no figure', () => {
  const unpermuted = tiny.filter((one) => !one.isPermuted);
  expect(charts(learnedByEpoch(unpermuted))[0]!.lines.map(({ set }) => set)).toEqual(['unpermuted']);
  expect(tables(marginDistributions(unpermuted))).toEqual([]);
  expect(marginDistributions(unpermuted)!.caption).not.toContain('ROC');
  expect(tables(forgetting(unpermuted))[0]!.columns).toHaveLength(1);
  for (const rows of [[], [{ ...tiny[2]!, assignedLabel: 0 }]]) for (const figure of [learnedByEpoch(rows), marginDistributions(rows), forgetting(rows)]) expect(figure).toBeUndefined();
});

test('any single image, and margins that are all alike or not numbers, draw without error, no text on another', () => {
  const cases = [...tiny.map((one) => [one]), [tiny[0]!, tiny[0]!], tiny.map((one) => ({ ...one, areaUnderMargin: Number.NaN })), learningExample({ seeds: [1, 2, 3] })];
  for (const rows of cases) {
    for (const figure of [learnedByEpoch(rows), marginDistributions(rows), forgetting(rows)]) {
      for (const panel of figure!.panels) {
        const drawing = drawPanel(panel);
        expect(drawing.svg).not.toMatch(/NaN|undefined|Infinity/);
        expect([figure!.name, panel.title, layoutProblems(drawing.svg, drawing)]).toEqual([figure!.name, panel.title, []]);
      }
    }
  }
});

test('a table is read out whole, its names escaped', () => {
  const { svg } = drawPanel({ kind: 'table', title: 'T', label: 'Events', rowLabel: 'Statistic', columns: [{ name: 'a<b>', set: 'unpermuted' }], rows: [{ name: 'x & y', cells: [{ value: 0.12345, lower: 0.1, upper: 0.2 }] }, { name: 'z', cells: [{ value: 2, lower: null, upper: null }] }] });
  expect(svg).toContain('<desc>Events. x &amp; y: a&lt;b&gt; 0.12 (0.10–0.20); z: a&lt;b&gt; 2.</desc>');
  expect(svg).toContain('data-series="a&lt;b&gt;" data-x="x &amp; y" data-y="0.12345"><title>a&lt;b&gt;, x &amp; y: 0.12 (0.10–0.20)</title>');
  expect(svg).toContain('>x &amp; y</text>');
  expect(svg).toContain('stroke="#0072B2"');
});
