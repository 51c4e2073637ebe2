import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idsOf, ReadingWorkbench } from './reading-workbench.js';

const bench = new ReadingWorkbench();
const source = (sweep: string): string => `{ uses: test/source, ${sweep} }`;

describe('a sweep', () => {
  test.each([
    ['zip goes in step', 'zip: { epoch: [0, 4], label: [first, last] }', ['a[epoch=0,label=first]', 'a[epoch=4,label=last]']],
    ['zip is crossed with matrix', 'matrix: { w: [8, 16] }, zip: { e: [0, 4], l: [x, y] }', ['a[e=0,l=x,w=8]', 'a[e=4,l=y,w=8]', 'a[e=0,l=x,w=16]', 'a[e=4,l=y,w=16]']],
    ['a value may come again on one axis of a zip', 'zip: { e: [0, 0], l: [x, y] }', ['a[e=0,l=x]', 'a[e=0,l=y]']],
    ['include adds points', 'matrix: { w: [8], s: [1] }, include: [{ w: 512, s: 9 }]', ['a[s=1,w=8]', 'a[s=9,w=512]']],
    ['include alone names the axes', 'include: [{ w: 8, s: 1 }, { s: 2, w: 9 }]', ['a[s=1,w=8]', 'a[s=2,w=9]']],
    ['exclude takes points out', 'matrix: { w: [8, 16], s: [1, 2] }, exclude: [{ w: 8, s: 2 }, { w: 16, s: 1 }]', ['a[s=1,w=8]', 'a[s=2,w=16]']],
    ['exclude by one axis', 'matrix: { w: [8, 16], s: [1, 2] }, exclude: [{ w: 8 }]', ['a[s=1,w=16]', 'a[s=2,w=16]']],
    ['exclude does not touch included points', 'matrix: { w: [8, 16] }, exclude: [{ w: 8 }], include: [{ w: 9 }]', ['a[w=16]', 'a[w=9]']],
    ['everything takes expressions', 'matrix: { w: "${params.list}", v: ["${params.one}"] }, include: "${params.more}", exclude: [{ w: "${params.one}" }]', ['a[v=1,w=2]', 'a[v=5,w=5]']],
    ['a whole matrix may be an expression', 'matrix: "${params.grid}"', ['a[x=1]', 'a[x=2]']],
    ['true, 0.001 and unicode are values', 'matrix: { b: [true, 1e-3, "größe 中", -0] }', ['a[b=true]', 'a[b=0.001]', 'a[b=größe 中]', 'a[b=0]']],
  ])('%s', async (_, sweep, ids) => {
    expect(idsOf(await bench.readStages({ a: source(sweep) }, '{ list: [1, 2], one: 1, more: [{ w: 5, v: 5 }], grid: { x: [1, 2] } }'), 'a')).toEqual(ids);
  });

  test.each([
    ['zip: { e: [0, 4], l: [x] }', /^4: stages\.a\.zip: the axes go in step, so they must be equally long; got e with 2, l with 1 values\.$/],
    ['matrix: { e: [1] }, zip: { e: [2] }', /stages\.a\.zip\.e: the axis "e" is in matrix already/],
    ['matrix: { w: [8] }, include: [{ w: 8 }]', /stages\.a\.include\.0: the point a\[w=8\] is there twice/],
    ['include: [{ w: 8 }, { w: 8 }]', /stages\.a\.include\.1: the point a\[w=8\] is there twice/],
    ['zip: { e: [0, 0], l: [x, x] }', /stages\.a\.zip: the point a\[e=0,l=x\] is there twice/],
    ['matrix: { w: [8], s: [1] }, include: [{ w: 9 }]', /stages\.a\.include\.0: must give a value for every axis; it lacks "s"/],
    ['matrix: { width: [8] }, include: [{ widht: 9 }]', /stages\.a\.include\.0\.widht: there is no axis "widht"\. Did you mean "width"\?/],
    ['matrix: { width: [8] }, exclude: [{ widht: 8 }]', /stages\.a\.exclude\.0\.widht: there is no axis "widht"\. Did you mean "width"\?/],
    ['matrix: { w: [8] }, exclude: [{ w: 9 }]', /stages\.a\.exclude\.0: it leaves out nothing: no point of the product has \{"w":9\}/],
    ['matrix: { w: [8] }, exclude: [{ w: 8 }]', /stages\.a: no point is left/],
    ['matrix: { w: [8] }, exclude: [{}]', /stages\.a\.exclude\.0: must be a map from axis to value; got \{\}/],
    ['include: "${params.none}"', /stages\.a: no point is left/],
    ['matrix: { w: [1, 2, 1] }', /stages\.a\.matrix\.w: must not hold a value twice; got 1 twice/],
    ['matrix: { w: [1, "1"] }', /the axis "w" holds 1 and "1", which must not differ by their type alone/],
    ['matrix: { w: "${params.one}" }', /stages\.a\.matrix\.w: must be a list of numbers or texts; got 1/],
    ['matrix: { w: [[1]] }', /stages\.a\.matrix\.w\.0: must be a number, true, false or a text; got \[1\]/],
    ['matrix: { w: ["${params.grid}"] }', /stages\.a\.matrix\.w\.0: a value on an axis must be a number, true, false or a text; got \{"x":\[1,2\]\}/],
    ['matrix: { w: [""] }', /a value on an axis must have 1 to 100 characters; got ""/],
    [`matrix: { w: [${'x'.repeat(101)}] }`, /a value on an axis must have 1 to 100 characters/],
    ['matrix: { w: ["a\\u0007"] }', /must not hold control characters/],
    ['matrix: { w: ["a=b"] }', /must not hold , = \[ \] \| < > or !, which selectors are written with; got "a=b"/],
    ['matrix: { w: [" a"] }', /must not begin or end with a space/],
    ['matrix: { w: [.nan] }', /^4: a number must be finite; got \.nan\.$/],
    ['matrix: { größe: [1] }', /stages\.a\.matrix: the name "größe" must begin with a letter and hold letters \(a to z\), digits, "-" and "_" only/],
    ['matrix: { con: [1] }', /the name "con" must not be a name that Windows keeps for a device/],
    [`matrix: { ${'x'.repeat(65)}: [1] }`, /must have at most 64 characters/],
    [`matrix: { a: [${Array.from({ length: 400 }, (_, i) => i)}], b: [${Array.from({ length: 400 }, (_, i) => i)}] }`, /stages\.a\.matrix: this would make 160000 points; a pipeline may have 100000/],
    [`matrix: { ${'abcdefghijkl'.split('').map((axis) => `${axis}: [${Array.from({ length: 500 }, (_, i) => i)}]`).join(', ')} }`, /a pipeline may have 100000/],
  ])('%s', async (sweep, message) => {
    expect(await bench.wrong(bench.readStages({ a: source(sweep) }, '{ one: 1, none: [], grid: { x: [1, 2] } }'))).toMatch(message);
  });

  test('many points in many stages are refused too', async () => {
    const values = `matrix: { w: [${Array.from({ length: 300 }, (_, i) => i)}], v: [${Array.from({ length: 300 }, (_, i) => i)}] }`;
    expect(await bench.wrong(bench.readStages({ a: source(values), b: source(values) }))).toMatch(/this would make 180000 points/);
  });

  test('who a point is and what it gets do not depend on any order in the file', async () => {
    const axes = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'constructor', 'toString'), { minLength: 1, maxLength: 3 });
    const values = fc.uniqueArray(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom('x', 'y', 'z', '10x', true)), { minLength: 1, maxLength: 4, selector: String });
    const sweeps = axes.chain((names) => fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), values))));
    await fc.assert(fc.asyncProperty(sweeps, fc.infiniteStream(fc.nat()), async (sweep, stream) => {
      const shuffle = <T>(list: readonly T[]): T[] => list.map((item) => [stream.next().value as number, item] as const).sort(([a], [b]) => a - b).map(([, item]) => item);
      const write = (list: readonly (readonly [string, readonly (string | number | boolean)[]])[]) => source(`matrix: { ${list.map(([axis, items]) => `${axis}: ${JSON.stringify(items)}`).join(', ')} }`);
      const end = '{ uses: test/gather, in: { many: "a[*].numbers" } }';
      const one = await bench.readStages({ a: write(sweep), end });
      const other = await bench.readStages({ end, a: write(shuffle(sweep.map(([axis, items]) => [axis, shuffle(items)] as const))) });
      expect(idsOf(one, 'a').sort()).toEqual(idsOf(other, 'a').sort());
      expect(JSON.stringify(one.points.at(-1)!.inputs.many!.supplies.map(({ coordinates }) => coordinates)))
        .toBe(JSON.stringify(other.points.at(-1)!.inputs.many!.supplies.map(({ coordinates }) => coordinates)));
    }), { seed: 1, numRuns: 150 });
  });
});

describe('a selector', () => {
  const made = source('matrix: { epoch: [0, 4, 16, 0.5, 1e-3], set: [train, test, "7"], on: [true] }, exclude: [{ epoch: 16, set: test }]');
  const select = async (selector: string): Promise<string[]> => {
    const { points } = await bench.readStages({ made, end: `{ uses: test/gather, in: { many: ${JSON.stringify(`made${selector}.numbers`)} } }` });
    return points.at(-1)!.inputs.many!.supplies.map(({ coordinates }) => `${coordinates.epoch} ${coordinates.set}`);
  };

  test.each([
    ['[epoch=4,set=test]', ['4 test']],
    ['[ epoch = 0|4 , set=test ]', ['0 test', '4 test']],
    ['[epoch=4.0,set=test]', ['4 test']],
    ['[epoch=0.001,set=test]', ['0.001 test']],
    ['[epoch=1e-3|5e-1,set=test]', ['0.001 test', '0.5 test']],
    ['[set=7,epoch=4]', ['4 7']],
    ['[epoch>=4,set!=test]', ['4 7', '4 train', '16 7', '16 train']],
    ['[epoch<4,epoch>0,set=train]', ['0.001 train', '0.5 train']],
    ['[epoch<=0.5,set!=test|train]', ['0 7', '0.001 7', '0.5 7']],
    ['[epoch>4]', ['16 7', '16 train']],
    ['[on=true,epoch=16]', ['16 7', '16 train']],
    ['[set=test,epoch=16|4]', ['4 test']],
  ])('%s', async (selector, expected) => {
    expect(await select(selector)).toEqual(expected);
  });

  test.each([
    ['[epoch=5]', /^5: stages\.end\.in\.many: "made\[epoch=5\]\.numbers": it selects no point of made\. There are epoch: 0, 0\.001, 0\.5, 4, 16\.$/],
    ['[epoch=16,set=test]', /There are epoch: 0, 0\.001, 0\.5, 4, 16; set: 7, test, train, but not together/],
    ['[set=7.0]', /it selects no point/],
    ['[epoch>16]', /it selects no point/],
    ['[epohc=4]', /made has no axis "epohc"\. Did you mean "epoch"\?/],
    ['[set>4]', /> compares numbers, and set of made has none: 7, test, train/],
    ['[epoch>4|5]', /> compares numbers; got "4\|5"/],
    ['[epoch>=x]', />= compares numbers; got "x"/],
    ['[epoch]', /"epoch" is no selector\. Write key=value, key=a\|b/],
    ['[epoch=]', /"epoch=" lacks a value/],
    ['[epoch=1|]', /lacks a value/],
    ['[epoch==1]', /is no selector/],
    ['[]', /"" is no selector/],
    ['[*,epoch=1]', /"\*" is no selector/],
    ['', /made has a point for each epoch, on, set\. Select one point by \[epoch=VALUE,on=VALUE,set=VALUE\] or all by \[\*\]/],
  ])('%s is refused', async (selector, message) => {
    expect(await bench.wrong(select(selector))).toMatch(message);
  });

  test('selects what trying each point selects', async () => {
    const conditions = fc.array(fc.oneof(
      fc.record({ axis: fc.constantFrom('a', 'b'), operator: fc.constantFrom('=', '!='), values: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3 }) }),
      fc.record({ axis: fc.constantFrom('a', 'b'), operator: fc.constantFrom('<', '<=', '>', '>='), values: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 1 }) }),
    ), { minLength: 1, maxLength: 4 });
    const compare: { [operator: string]: (a: number, b: readonly number[]) => boolean } = {
      '=': (a, b) => b.includes(a), '!=': (a, b) => !b.includes(a), '<': (a, [b]) => a < b!, '<=': (a, [b]) => a <= b!, '>': (a, [b]) => a > b!, '>=': (a, [b]) => a >= b!,
    };
    const points = [0, 1, 2, 3, 4, 5].flatMap((a) => [1, 3, 5].map((b) => ({ a, b })));
    await fc.assert(fc.asyncProperty(conditions, async (list) => {
      const expected = points.filter((point) => list.every(({ axis, operator, values }) => compare[operator]!(point[axis as 'a'], values)));
      const reading = bench.readStages({
        m: source('matrix: { b: [5, 3, 1], a: [0, 1, 2, 3, 4, 5] }'), end: `{ uses: test/gather, in: { many: "m[${list.map(({ axis, operator, values }) => `${axis}${operator}${values.join('|')}`).join(',')}].numbers" } }`,
      });
      if (expected.length === 0) expect(await bench.wrong(reading)).toMatch(/selects no point/);
      else expect((await reading).points.at(-1)!.inputs.many!.supplies.map(({ coordinates }) => coordinates)).toEqual(expected);
    }), { seed: 2, numRuns: 300 });
  });

  test('several references are joined in order of the coordinates, and what two of them select counts once', async () => {
    const read = async (list: string) => (await bench.readStages({
      a: source('matrix: { x: [2, 10] }'), b: source('matrix: { x: [2, 3] }'), end: `{ uses: test/gather, in: { many: ${list} } }`,
    })).points.at(-1)!.upstream.map(({ id }) => id);
    expect(await read('["b[*].numbers", "a[*].numbers", "a[x=2].numbers"]')).toEqual(['a[x=2]', 'b[x=2]', 'b[x=3]', 'a[x=10]']);
    expect(await read('["a[x=2].numbers", "a[*].numbers", "b[*].numbers"]')).toEqual(['a[x=2]', 'b[x=2]', 'b[x=3]', 'a[x=10]']);
    expect(await bench.wrong(read('["a[*].numbers", "a[*].numbers"]'))).toMatch(/in\.many\.1: "a\[\*\]\.numbers" is there twice/);
  });
});
