import type { ClaimsRow } from '@memgeo/artifacts';
import type { LineageNode } from '@memgeo/stage';
import { gatherGeometry, gatherPoints, gatherSimilarity, type ReportOptions, type ReportSources } from '../src/index.js';
import { distanceGapExample, distancesExample, gradientsExample, learningExample, phasesExample, rewindingExample } from './experiment-rows.js';
import { quickstartGeometry, quickstartHistory, quickstartSimilarity, stripedExamples } from './quickstart-rows.js';

/** Names that mean something in HTML, SVG, JSON, CSV, scripts, paths or addresses. */
export const hostileNames = [
  '<script>alert(1)</script>', '</script><script>alert(1)</script>', '<!--', '--><img src=x onerror=alert(1)>', '<!--<script>', ']]><svg onload=alert(1)>', '</title><script>alert(1)</script>', '</style><b>', '</textarea>',
  '" onmouseover="alert(1)', "' onfocus='alert(1)' autofocus='", '"><iframe src="javascript:alert(1)">', 'javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', '&lt;b&gt;&amp;&quot;', '&#60;script&#62;', '${alert(1)}', '$&$`$1', '{{7*7}}',
  'line\u2028separator\u2029', 'nul\u0000bell\u0007', '\ufffe\uffff', 'half \ud800 pair \udc00', 'right to \u202e left', 'e\u0301\u200d\u{1f9ea}', ' ', '', 'a\r\nb\tc',
  '../../../../escaped', '/etc/passwd', 'C:\\con\\nul', 'con', 'a/../../b', '%2e%2e%2f', '.', '..', 'CAPACITY', '#top', '?a=b', 'x'.repeat(300), '\u00e4'.repeat(300),
  '__proto__', 'constructor', 'toString', 'hasOwnProperty', '=1+1', '=HYPERLINK("http://x","y")', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\'quoted\'', 'a,b;"c"',
];

/** A report of every kind of figure in which a name stands wherever a name can: of layers, sets, measures, classes, axes, points, runs, claims, parameters, in notes and texts. */
export function hostileReport(name: (place: string) => string): { readonly sources: ReportSources; readonly options: ReportOptions } {
  const renamed = <Row extends { readonly layer: string; readonly set?: string; readonly note: string }>(row: Row): Row => ({
    ...row, layer: row.layer === '(all layers)' ? row.layer : `${name('layer')}${row.layer}`, ...(row.set === 'restored' && { set: name('set') }), note: name('note'),
  });
  const coordinates = (seed: number): { [axis: string]: string | number } => ({ seed, [name('axis')]: name('coordinate') });
  const geometry = [0, 30].flatMap((epoch) => [1, 2].map((seed) => ({
    coordinates: { epoch, ...coordinates(seed) },
    rows: quickstartGeometry(epoch).map((row) => renamed({ ...row, measure: row.measure === 'radius' ? name('measure') : row.measure === 'dimension' ? `${name('measure')}/` : row.measure, value: row.layer === 'conv1.relu' && row.set === 'test' ? null : row.value })),
  })));
  const history = quickstartHistory().map((row) => ({ ...row, set: row.set === 'restored' ? name('set') : row.set }));
  const similarity = quickstartSimilarity().map((row) => ({ ...renamed(row), otherLayer: `${name('layer')}${row.otherLayer}` }));
  const { examples, labels } = stripedExamples();
  const gathered = <Row extends { readonly coordinates: object }>(rows: readonly Row[]) => gatherPoints([{ coordinates: coordinates(1), rows: rows.map(({ coordinates: _, ...row }) => row) }]) as never;
  return {
    sources: {
      history: gatherPoints([1, 2].map((seed) => ({ coordinates: coordinates(seed), rows: history }))),
      learning: gathered(learningExample()),
      geometry: gatherGeometry(geometry),
      similarity: gatherSimilarity([{ coordinates: {}, rows: similarity }]),
      rewinding: gathered(rewindingExample().map((row) => renamed({ ...row, batchNorm: row.batchNorm === 'kept' ? name('treatment') : row.batchNorm }))),
      gradients: gathered(gradientsExample().map(renamed)),
      distances: gathered(distancesExample().map(renamed)),
      distanceGap: distanceGapExample().map((row) => ({ ...renamed(row), run: row.run === '' ? '' : `${name('run')}${row.run}` })),
      phases: phasesExample().map((row) => renamed({ ...row, phase: row.phase === 'falling' ? name('phase') : row.phase })),
      claims: [claim(name)],
      data: { labels, examples: { ...examples, metadata: { ...examples.metadata, classNames: Array.from({ length: 6 }, (_, index) => `${name('class')}${index}`) } } },
      lineage: [action(name, 'a'.repeat(64), []), action(name, name('key'), ['a'.repeat(64)])],
      inputKeys: { geometry: ['a'.repeat(64), name('key'), 'b'.repeat(64), 'c'.repeat(64), name('unknown key')], history: ['a'.repeat(64)], [name('port')]: ['a'.repeat(64)] },
    },
    options: { title: name('title'), question: name('question'), command: name('command'), panelCount: 3 },
  };
}

function claim(name: (place: string) => string): ClaimsRow {
  return {
    claim: name('claim'), statement: name('statement'), criterion: name('criterion'), statistic: name('statistic'), value: 0.84, lower: 0.8, upper: 0.88, intervalOver: name('interval'), seeds: 2, comparison: name('comparison'),
    threshold: 0.5, thresholdSource: name('source'), isDeciding: true, verdict: name('verdict'), reason: name('reason'),
  };
}

function action(name: (place: string) => string, key: string, upstream: readonly string[]): LineageNode {
  const values = { [name('parameter')]: name('parameter value'), nested: [{ [name('parameter')]: null }] };
  return { point: name('point'), stage: name('stage'), key, params: { seed: name('seed'), ...values }, upstream, startedAt: name('time'), durationMs: 12, peakMemoryBytes: 2 ** 20, environment: { cpu: name('cpu'), [name('variable')]: upstream.length }, facts: values };
}
