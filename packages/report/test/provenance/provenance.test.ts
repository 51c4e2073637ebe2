import { composeReport, gatherGeometry, gatherPoints, type ReportSources } from '../../src/index.js';
import { madeFromWords } from '../../src/provenance/made-from.js';
import { describeProvenance } from '../../src/provenance/provenance-file.js';
import { traceInputs } from '../../src/provenance/trace.js';
import { action, keyOf } from '../lineage.js';
import { readPage } from '../page/read-page.js';
import { quickstartGeometry, quickstartHistory } from '../quickstart-rows.js';

const options = { title: 'A title', question: 'A question?', command: '', panelCount: 2 };
const epochsOf = (count: number): string[] => Array.from({ length: count }, (_, epoch) => `geometry[epoch=${epoch}]`);
const madeFrom = (count: number): Pick<ReportSources, 'lineage' | 'inputKeys'> => ({
  lineage: [action('data', { facts: { gitCommit: 'c0ffee' } }), action('train', { upstream: ['data'] }), ...epochsOf(count).map((point, epoch) => action(point, { upstream: ['train'], params: { epoch } }))],
  inputKeys: { history: [keyOf('train')], geometry: epochsOf(count).map(keyOf), data: [] },
});
const sources = (count: number): ReportSources => ({
  geometry: gatherGeometry([0, 30].map((epoch) => ({ coordinates: { epoch }, rows: quickstartGeometry(epoch) }))),
  history: gatherPoints([{ coordinates: {}, rows: quickstartHistory() }]),
  ...madeFrom(count),
});
const short = (point: string): string => keyOf(point).slice(0, 12);
const noteOf = (page: string, figure: string): string => page.match(new RegExp(`<figure id="${figure}".*?<p class="made-from">(.*?)</p>`, 's'))![1]!;

test('below each figure stand the actions its data came from, by point and short key, each a link to its record', () => {
  const { page } = composeReport(sources(2), options);
  expect(page.match(/<p class="made-from">/g)).toHaveLength(page.match(/<figure /g)!.length);
  const link = (point: string): string => `<a href="#made-${short(point)}">${point} <code>${short(point)}</code></a>`;
  expect(noteOf(page, 'capacity-by-layer')).toBe(`From ${link('geometry[epoch=0]')}, ${link('geometry[epoch=1]')} and ${link('train')}.`);
  expect(noteOf(page, 'accuracy-by-epoch')).toBe(`From ${link('train')}.`);
});

test('every link of the page leads somewhere, and the record there tells stage, key, time, upstream, parameters and facts', () => {
  const { page } = composeReport(sources(20), options);
  const tags = readPage(page);
  const ids = new Set(tags.flatMap(({ attributes }) => attributes.get('id') ?? []));
  for (const { name, attributes } of tags) if (name === 'a' && attributes.get('href')!.startsWith('#')) expect(ids).toContain(attributes.get('href')!.slice(1));
  const record = page.match(new RegExp(`<details id="made-${short('geometry[epoch=7]')}">.*?</details>`, 's'))![0];
  for (const part of ['<code>geometry[epoch=7]</code> · geometry/run · 1.5 s', 'Started 2026-01-01T00:00:00.000Z, peak memory 1.0 GiB', keyOf('geometry[epoch=7]'), 'Machine and versions as everywhere.', `Made from <a href="#made-${short('train')}">train`, '&quot;epoch&quot;: 7']) expect(record).toContain(part);
  expect(page.match(new RegExp(`<details id="made-${short('data')}">.*?</details>`, 's'))![0]).toContain('c0ffee');
  expect(page).toContain('Everywhere: memgeo 0.1.0, node v20.19.0, cpu a processor.');
});

test('of many actions three are named, and the rest is one list for the whole page', () => {
  const { page } = composeReport(sources(500), options);
  expect(noteOf(page, 'radius-by-layer').match(/<a /g)).toHaveLength(5);
  expect(noteOf(page, 'radius-by-layer')).toContain('<a href="#input-geometry">497 more of geometry</a> and ');
  const list = page.match(/<details id="input-geometry">.*?<\/details>/s)![0];
  expect(list.match(/<a /g)).toHaveLength(500);
  // 500 actions, each with its record and its place in the list.
  expect(page.length - composeReport(sources(2), options).page.length).toBeLessThan(500_000);
});

test('a figure that stands alone carries the same words', () => {
  const { page, figures } = composeReport(sources(20), options);
  const words = noteOf(page, 'capacity-by-layer').replaceAll(/<[^>]*>/g, '');
  expect(words).toMatch(/^From geometry\[epoch=0\] [0-9a-f]{12}, .* 17 more of geometry and train [0-9a-f]{12}\.$/);
  expect(figures.get('capacity-by-layer')).toContain(`<metadata>${words}</metadata>`);
});

test('without keys nothing is said of where figures come from', () => {
  const { page, figures } = composeReport({ ...sources(2), lineage: [], inputKeys: {} }, options);
  expect(page).not.toContain('class="made-from"');
  expect(page).toContain('The inputs of this report came without a record of how they were made.');
  expect(figures.get('capacity-by-layer')).not.toContain('<metadata>');
  expect(composeReport({ ...sources(2), inputKeys: undefined }, options).page).not.toContain('class="made-from"');
});

test('a key without a record is named, and leads nowhere', () => {
  const unknown = keyOf('gone');
  const { page } = composeReport({ ...sources(2), inputKeys: { history: [unknown] } }, options);
  expect(noteOf(page, 'accuracy-by-epoch')).toBe(`From <code>${unknown.slice(0, 12)}</code>.`);
});

test('traceInputs() gives each record an address of its own, even if keys begin alike or are none', () => {
  const alike = ['0123456789ab0', '0123456789ab1', 'x', ''].map((key) => ({ ...action('a'), key }));
  const anchors = [...traceInputs(alike).actions.values()].map(({ anchor }) => anchor!);
  expect(new Set(anchors).size).toBe(4);
  expect(anchors[0]).toBe('made-0123456789ab');
  for (const anchor of anchors) expect(anchor).toMatch(/^made-[0-9a-z-]+$/);
});

test('provenance.json names the inputs of each figure and table, and whole keys once', () => {
  const { lineage, inputKeys } = madeFrom(2);
  const trace = traceInputs(lineage, inputKeys);
  const figures = [{ name: 'capacity-by-layer', title: '', caption: '', panels: [], from: ['geometry', 'history', 'phases'] }];
  expect(describeProvenance(trace, lineage, { figures, tables: new Map([['geometry', 'geometry'], ['geometry-over-seeds', 'geometry']]) })).toEqual({
    format: 1,
    figures: { 'capacity-by-layer': ['geometry', 'history'] },
    tables: { geometry: ['geometry'], 'geometry-over-seeds': ['geometry'] },
    inputs: {
      history: [{ key: keyOf('train'), point: 'train', stage: 'train/run' }],
      geometry: epochsOf(2).map((point) => ({ key: keyOf(point), point, stage: 'geometry/run' })),
    },
  });
  expect(madeFromWords(trace, ['phases'])).toBe('');
  // What one action made for two inputs is named once.
  const shared = traceInputs(lineage, { history: [keyOf('train')], learning: [keyOf('train')] });
  expect(madeFromWords(shared, ['learning', 'history'])).toBe(madeFromWords(shared, ['history']));
  expect(describeProvenance(traceInputs(lineage), lineage, { figures, tables: new Map() })).toBeUndefined();
});
