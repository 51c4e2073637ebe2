import { expect, test } from '@jest/globals';
import { mermaidGraph } from '../src/index.js';
import { ReadingWorkbench } from './reading-workbench.js';

const bench = new ReadingWorkbench();
const outputs = 'outputs: { o: { kind: table, schema: numbers@1 } }';

test('mermaidGraph() draws stages, not points, and says how many of them are cached', async () => {
  const pipeline = await bench.readStages({
    a: '{ uses: test/source, zip: { x: [1, 2], y: [a, b] }, include: [{ x: 3, y: c }] }', b: '{ uses: test/use, matrix: { x: [1, 2] }, in: { left: "a[x=${matrix.x}].numbers" } }', c: '{ uses: test/gather, in: { many: "b[x>1]" } }',
  });
  const planned = pipeline.points.map(({ id, stage }, index) => ({ point: id, stage: stage.id, state: index < 3 ? 'cached' as const : index < 5 ? 'runs' as const : 'waits' as const, reasons: [], key: null }));
  expect(mermaidGraph(pipeline, planned).split('\n').slice(0, 6)).toEqual([
    'flowchart LR', '  a["a<br>test/source<br>3 points, 3 cached"]:::cached', '  b["b<br>test/use<br>2 points, 0 cached"]:::runs', '  c["c<br>test/gather"]:::waits', '  a --> b', '  b --> c',
  ]);
});

test('mermaidGraph() writes quotes, brackets and HTML of a label as character references, and gives keywords another id', async () => {
  const drawn = mermaidGraph(await bench.readStages({ end: '{ uses: test/source }', 'a--b': `{ uses: 'exec:echo "<b>#x];" it''s', in: { n: end.numbers }, ${outputs} }` }), []);
  expect(drawn.split('\n').slice(0, 4)).toEqual([
    'flowchart LR', '  _0["end<br>test/source"]:::waits', '  _1["a--b<br>exec:echo #34;#60;b#62;#35;x#93;#59;#34; it#39;s"]:::waits', '  _0 --> _1',
  ]);
});
