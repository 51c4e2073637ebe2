import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeReport, gatherGeometry, gatherPoints, type ReportSources } from '../../src/index.js';
import { formatDuration } from '../../src/page/lineage.js';
import { references } from '../../src/page/references.js';
import { pageScript } from '../../src/page/script.js';
import { quickstartGeometry, quickstartHistory, stripedExamples } from '../quickstart-rows.js';

const options = { title: 'A title', question: 'A question?', command: '', panelCount: 3 };
const sources: ReportSources = {
  geometry: gatherGeometry([0, 4, 30].map((epoch) => ({ coordinates: { epoch }, rows: quickstartGeometry(epoch) }))),
  history: gatherPoints([{ coordinates: {}, rows: quickstartHistory() }]),
  lineage: [],
};

/** The page without its script, which has words of its own. */
const withoutScript = (page: string): string => page.replace(`<script>${pageScript}</script>`, '');

test('the page needs no other file and no network, and its one script is the one it allows', () => {
  const { page } = composeReport({ ...sources, data: stripedExamples() }, options);
  expect(page).toContain(`<script>${pageScript}</script>`);
  expect(page).toContain(`script-src 'sha256-${createHash('sha256').update(pageScript).digest('base64')}'`);
  const rest = withoutScript(page).replaceAll('<script type="application/json">', '');
  expect(rest).not.toMatch(/<(script|link|iframe|object|embed|base)\b/i);
  expect(rest).not.toMatch(/@import|url\(/i);
  expect(rest).not.toMatch(/\son\w+=/i);
  expect([...rest.matchAll(/\ssrc=/g)]).toHaveLength(0);
  const targets = [...rest.matchAll(/<(\w+)[^>]*?\s(?:xlink:)?href="([^"]*)"/g)].map(([, tag, target]) => ({ tag, target: target! }));
  const outside = targets.filter(({ tag, target }) => !target.startsWith('#') && !(tag === 'image' && target.startsWith('data:image/png;base64,')));
  expect(outside.map(({ tag, target }) => `${tag} ${target}`)).toEqual(references.filter(({ input }) => input === undefined).map(({ link }) => `a ${link}`));
});

test('the script is a program that ends no script element', () => {
  expect(() => new Function(pageScript)).not.toThrow();
  expect(pageScript).not.toMatch(/<\/|<!--/);
});

test('the contents name every heading and figure, each id is there once, and headings skip no level', () => {
  const { page } = composeReport(sources, options);
  const ids = [...withoutScript(page).matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const links = [...page.matchAll(/<a [^>]*href="#([^"]*)"/g)].map(([, id]) => id!);
  for (const link of links) expect(ids).toContain(link);
  const headings = [...page.matchAll(/<h2 id="([^"]*)"/g)].map(([, id]) => id!);
  const figures = [...page.matchAll(/<figure id="([^"]*)"/g)].map(([, id]) => id!);
  for (const target of [...headings, ...figures]) expect(links).toContain(target);
  expect([...page.matchAll(/<h2[ >]/g)]).toHaveLength(headings.length);
  const levels = [...withoutScript(page).matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
  expect(levels[0]).toBe(1);
  levels.slice(1).forEach((level, i) => expect(level - levels[i]!).toBeLessThanOrEqual(1));
});

test('a title, question, layer or note with markup is shown, not run', () => {
  const nasty = '<script>alert("x")</script>&\'';
  const geometry = gatherGeometry([{ coordinates: { epoch: 0 }, rows: quickstartGeometry(0).map((row) => ({ ...row, layer: nasty, note: nasty })) }]);
  const { page, figures } = composeReport({ ...sources, geometry }, { ...options, title: nasty, question: nasty, command: nasty });
  expect(page).not.toContain(nasty);
  expect(withoutScript(page).replaceAll('<script type="application/json">', '')).not.toContain('<script');
  expect(page).toContain('<h1>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;</h1>');
  for (const svg of figures.values()) expect(svg).not.toContain('<script');
});

test('the same rows give the same bytes', () => {
  const [first, second] = [composeReport(sources, options), composeReport(sources, options)];
  expect(second.page).toBe(first.page);
  expect([...second.figures]).toEqual([...first.figures]);
});

test.each<[string, Partial<ReportSources>]>([
  ['one epoch', { geometry: gatherGeometry([{ coordinates: { epoch: 4 }, rows: quickstartGeometry(4) }]) }],
  ['one layer', { geometry: gatherGeometry([{ coordinates: {}, rows: quickstartGeometry(4).filter((row) => row.layer === 'dense1.relu') }]) }],
  ['epochs unknown', { geometry: gatherGeometry([{ coordinates: {}, rows: quickstartGeometry(4).map((row) => ({ ...row, epoch: null, layerIndex: null })) }]) }],
  ['a history of epoch 0', { history: gatherPoints([{ coordinates: {}, rows: quickstartHistory().filter((row) => row.epoch === 0) }]) }],
  ['no history', { history: gatherPoints([]) }],
  ['no geometry', { geometry: gatherGeometry([]) }],
  ['nothing at all', { geometry: undefined, history: gatherPoints([]) }],
])('a page with %s is whole', (_, changes) => {
  const { page } = composeReport({ ...sources, ...changes }, options);
  expect(page).toMatch(/<\/html>\n$/);
  expect(withoutScript(page).replaceAll(/base64,[^"]*/g, '')).not.toMatch(/NaN|Infinity|undefined|null/);
});

test('a value that is missing is not drawn, and its note is shown', () => {
  const rows = quickstartGeometry(0).map((row) => (row.measure === 'radius' && row.set === 'permuted' ? { ...row, value: null, standardError: null, note: 'the centers coincide' } : row));
  const { page, figures } = composeReport({ ...sources, geometry: gatherGeometry([{ coordinates: {}, rows }]) }, options);
  expect(page).toContain('<strong>No value:</strong> the centers coincide');
  expect(figures.get('radius-by-layer')).not.toContain('>permuted</text>');
});

test('several seeds are averaged, and the page says so', () => {
  const geometry = gatherGeometry([0, 1].flatMap((seed) => [0, 30].map((epoch) => ({ coordinates: { epoch, seed }, rows: quickstartGeometry(epoch) }))));
  const { page } = composeReport({ ...sources, geometry }, options);
  expect(page).toMatch(/Geometry of 5 layers at 2 epochs, [^.]* features, over seed 0, 1\./);
  expect(page).toContain('Lines are means over 2 repeats, bands their standard deviation.');
  expect(page).toContain('tables/NAME-over-seeds.csv');
  expect(composeReport(sources, options).page).not.toContain('over-seeds');
});

test('what was run is a row per stage, and every point is in the fold', () => {
  const node = (epoch: number) => ({
    point: `geometry[epoch=${epoch}]`, stage: 'geometry/mftma', key: `sha256:${epoch}`, params: { seed: 3 }, upstream: [], startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1500, peakMemoryBytes: 2 ** 30, environment: { node: 'v20', backend: epoch === 0 ? 'wasm' : 'cpu' }, facts: {},
  });
  const { page } = composeReport({ ...sources, lineage: [node(0), node(4)] }, options);
  expect(page).toContain('<th scope="row"><code>geometry/mftma</code></th><td class="number">2</td><td>3</td><td class="number">3 s</td><td class="number">1.0 GiB</td>');
  expect(page).toContain('Everywhere: node v20.');
  expect(page).toContain('geometry[epoch=4]');
});

test.each([[999, '999 ms'], [1234, '1.23 s'], [119_999, '120 s'], [600_000, '10 min'], [9_000_000, '2.5 h']])('formatDuration(%d) is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('the references stand in REFERENCES.bib', () => {
  const bibliography = readFileSync(join(import.meta.dirname, '../../../../REFERENCES.bib'), 'utf8');
  for (const { key } of references) expect(bibliography).toContain(`{${key},`);
});
