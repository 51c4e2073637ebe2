import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RecordIndex, rootsOf, type ActionRecord } from '../src/index.js';
import { CauseFinder } from '../src/history/causes.js';
import { digestOf, HistoryWorkbench } from './history-workbench.js';

let bench: HistoryWorkbench;
beforeEach(async () => { bench = await HistoryWorkbench.create(); });
afterEach(() => bench.remove());

const causes = (before: ActionRecord, after: ActionRecord) => new CauseFinder(new RecordIndex(bench.store), (code) => bench.store.codeFiles(code)).between(before, after);
const rootTexts = (before: ActionRecord, after: ActionRecord) => rootsOf(after.point, causes(before, after)).map(({ point, text }) => `${point}: ${text}`);
const out = (name: string) => ({ out: { digest: digestOf(name) } });

describe('causes of a difference', () => {
  test('lead through what made the inputs to the parameter that began it', async () => {
    const [slow, fast] = [await bench.act('train', out('weights 1'), { params: { learningRate: 0.01 } }), await bench.act('train', out('weights 2'), { params: { learningRate: 0.02 } })];
    const [dull, sharp] = [await bench.act('activations', out('a 1'), { inputs: { checkpoint: digestOf('weights 1') }, upstream: [slow] }), await bench.act('activations', out('a 2'), { inputs: { checkpoint: digestOf('weights 2') }, upstream: [fast] })];
    const [first, second] = [await bench.act('geometry', out('g 1'), { inputs: { activations: digestOf('a 1') }, upstream: [dull] }), await bench.act('geometry', out('g 2'), { inputs: { activations: digestOf('a 2') }, upstream: [sharp] })];
    expect(causes(first, second)).toMatchObject([{
      reason: { kind: 'input', field: 'in.activations' },
      because: [{ kind: 'remade', point: 'activations', causes: [{ reason: { kind: 'input', field: 'in.checkpoint' }, because: [{ kind: 'remade', point: 'train', causes: [{ reason: { kind: 'param', field: 'with.learningRate', before: 0.01, after: 0.02 }, because: [] }] }] }] }],
    }]);
    expect(rootTexts(first, second)).toEqual(['train: with.learningRate 0.01 -> 0.02']);
  });

  test('name the file of the code', async () => {
    await bench.store.keepCodeFiles(digestOf('code 1'), { 'geometry/src/anchor.ts': '1', 'geometry/src/same.ts': '1' });
    await bench.store.keepCodeFiles(digestOf('code 2'), { 'geometry/src/anchor.ts': '2', 'geometry/src/same.ts': '1' });
    const [before, after] = [await bench.act('geometry', out('g 1'), { code: digestOf('code 1') }), await bench.act('geometry', out('g 2'), { code: digestOf('code 2') })];
    expect(rootTexts(before, after)).toEqual(['geometry: code changed: geometry/src/anchor.ts']);
  });

  test('tell which points of a fan-in changed, and one chain for each', async () => {
    const point = (epoch: number, version: number) => bench.act(`geometry[epoch=${epoch}]`, out(`g ${epoch} ${version}`), { params: { epoch, margin: version } });
    const old = await Promise.all([0, 1, 2].map((epoch) => point(epoch, 1)));
    const now = [old[0]!, ...await Promise.all([1, 2].map((epoch) => point(epoch, 2)))];
    const gather = (points: readonly ActionRecord[]) => bench.act('report', out(`r ${points.map(({ key }) => key).join()}`), {
      inputs: { geometry: points.map((one, epoch) => ({ coordinates: { epoch }, content: (one.outputs.out as { digest: string }).digest })) }, upstream: points,
    });
    const [cause] = causes(await gather(old), await gather(now));
    expect(cause!.because.map((origin) => [origin.kind, origin.point])).toEqual([['remade', 'geometry[epoch=1]'], ['remade', 'geometry[epoch=2]']]);
  });

  test('tell another member of the same output from one that was made again', async () => {
    const train = await bench.act('train', { checkpoints: { members: { 3: digestOf('c3'), 4: digestOf('c4') } } });
    const [before, after] = [await bench.act('use', out('u 1'), { inputs: { checkpoint: digestOf('c3') }, upstream: [train] }), await bench.act('use', out('u 2'), { inputs: { checkpoint: digestOf('c4') }, upstream: [train] })];
    expect(causes(before, after)[0]!.because).toMatchObject([{ kind: 'exchanged', text: 'it takes train.checkpoints/4, not train.checkpoints/3' }]);
  });

  test('say it when the same action came out different', async () => {
    const first = await bench.act('train', out('weights 1'), { params: { seed: 1 } });
    const before = await bench.act('use', out('u 1'), { inputs: { weights: digestOf('weights 1') }, upstream: [first] });
    const again = await bench.act('train', out('weights 2'), { params: { seed: 1 }, reasons: [{ kind: 'forced', text: '--force' }] });
    expect(again.key).toBe(first.key);
    const after = await bench.act('use', out('u 2'), { inputs: { weights: digestOf('weights 2') }, upstream: [again] });
    expect(causes(before, after)[0]!.because).toMatchObject([{ kind: 'not-repeated', text: 'train was made again (--force) and came out different, though nothing it depends on had changed' }]);
  });

  test('say it when what made an input is not known any more', async () => {
    const gone = { key: digestOf('gone').slice(7) } as ActionRecord;
    const train = await bench.act('train', out('weights 2'));
    const before = await bench.act('use', out('u 1'), { inputs: { weights: digestOf('weights 1') }, upstream: [gone] });
    const after = await bench.act('use', out('u 2'), { inputs: { weights: digestOf('weights 2') }, upstream: [train] });
    expect(rootTexts(before, after)).toEqual(['use: in.weights: what made it before is not known any more; now it is train']);
  });

  test('end exactly at the changed parameters that a difference comes from (any graph of stages)', async () => {
    const graph = fc.array(fc.record({ inputs: fc.array(fc.nat(5), { maxLength: 3 }), isChanged: fc.boolean(), cutsOff: fc.boolean() }), { minLength: 1, maxLength: 6 });
    await fc.assert(fc.asyncProperty(graph, fc.nat(), async (nodes, salt) => {
      const versions: ActionRecord[][] = [];
      const expected: Set<string>[] = [];
      for (const version of [0, 1]) {
        const records: ActionRecord[] = [];
        for (const [i, { inputs, isChanged, cutsOff }] of nodes.entries()) {
          const from = i === 0 ? [] : [...new Set(inputs.map((input) => input % i))];
          const taken = Object.fromEntries(from.map((input) => [`i${input}`, (records[input]!.outputs.out as { digest: string }).digest]));
          const params = { salt, node: i, value: isChanged ? version : 0 };
          // A stage that cuts off gives the same, whatever it is given.
          records.push(await bench.act(`s${i}`, out(`${salt} ${i} ${cutsOff ? '' : JSON.stringify([params, taken])}`), { params, inputs: taken, upstream: from.map((input) => records[input]!) }));
          if (version === 0) expected.push(new Set([...(isChanged ? [`s${i}: with.value 0 -> 1`] : []), ...from.flatMap((input) => (nodes[input]!.cutsOff ? [] : [...expected[input]!]))]));
        }
        versions.push(records);
      }
      for (const [i, wanted] of expected.entries()) {
        const [before, after] = [versions[0]![i]!, versions[1]![i]!];
        expect(before.key === after.key).toBe(wanted.size === 0);
        if (before.key !== after.key) expect(rootTexts(before, after).sort()).toEqual([...wanted].sort());
      }
    }), { seed: 7, numRuns: 40 });
  });
});
