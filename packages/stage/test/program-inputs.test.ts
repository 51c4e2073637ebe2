import { readFile, readdir } from 'node:fs/promises';
import { defineTable, readNpyTensor, readTable, readTensor, writeTable, writeTensor } from '@memgeo/artifacts';
import { hasPython, ProgramBench, success, failure } from './program-bench.js';

let bench: ProgramBench;
beforeEach(async () => { bench = await ProgramBench.create('memgeo program \'s "$x" `y`-'); });
afterEach(() => bench.remove());

const scores = defineTable('scores@1', { layer: { type: 'string', description: '' }, value: { type: 'float64', isNullable: true, description: '' } });
const table = async (name: string, value: number | null): Promise<string> => {
  await writeTable(bench.at(name), scores, [{ layer: 'conv1, "first"', value }]);
  return bench.at(name);
};
const tensor = async (name: string): Promise<string> => {
  await writeTensor(bench.at(name), { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2], rows: { exampleId: Int32Array.of(7, 8), set: ['test', 'test'] }, metadata: {} }, { schema: 'points@1' });
  return bench.at(name);
};
const csvOf = (value: string): string => `layer,value\n"conv1, ""first""",${value}\n`;

test('a shell program finds inputs, parameters and outputs in its environment, and takes a table as CSV', async () => {
  success(await bench.sh(`set -eu
cp "$MEMGEO_INPUT_scores" "$MEMGEO_OUTPUT_out/copy.csv"
echo "$MEMGEO_PARAM_text|$MEMGEO_PARAM_number|$MEMGEO_PARAM_list|$MEMGEO_PARAM_nothing|$MEMGEO_PARAM_a_b|$MEMGEO_THREADS|$SETTING" > "$MEMGEO_OUTPUT_out/words"
[ "$1" = "$MEMGEO_JOB" ] && [ -d "$MEMGEO_STATE" ]
pwd > "$MEMGEO_OUTPUT_out/folder"`, { formats: { scores: 'csv' }, env: { SETTING: 'it\'s "so"' } }, {
    inputs: { scores: await table('scores', 0.25) }, params: { text: 'a \'b\' $c', number: 1.5, list: [1, 'x'], nothing: null, 'a-b': true }, threads: 3,
  }));
  expect(await bench.read('out/copy.csv')).toBe(csvOf('0.25'));
  expect(await bench.read('out/words')).toBe('a \'b\' $c|1.5|[1,"x"]||true|3|it\'s "so"\n');
  expect((await bench.read('out/folder')).trim()).toBe(bench.at('work/program'));
});

test('the job file says where inputs of every shape lie: one, members, points, points with members', async () => {
  const [a, b, c] = [await table('a', 1), await table('b', null), await tensor('c')];
  success(await bench.sh('cp "$1" "$MEMGEO_OUTPUT_out"', { formats: { one: 'csv', members: 'csv', points: 'csv', both: 'npy' } }, {
    inputs: {
      one: a, members: { conv1: a, conv2: b }, asItIs: a, several: { conv1: a },
      points: [{ coordinates: { epoch: 4, net: 'mlp' }, location: a }, { coordinates: { epoch: 8, net: 'mlp' }, location: b }],
      both: [{ coordinates: { epoch: 4 }, location: { conv1: c } }], links: [{ coordinates: { epoch: 4 }, location: a }],
    },
    params: { deep: { list: [1, null] } },
  }));
  const job = JSON.parse(await bench.read('out/job.json')) as { inputs: { [name: string]: unknown } };
  const made = (name: string): string => `inputs/${name}`;
  expect(job).toEqual({
    format: 1, stage: 'exec:sh program.sh', params: { deep: { list: [1, null] } }, threads: 1, stateFolder: bench.at('state'),
    outputs: { out: 'outputs/out' }, resultFile: 'result.json', eventsFile: 'events.jsonl',
    inputs: {
      one: made('one.csv'), members: { conv1: made('members/conv1.csv'), conv2: made('members/conv2.csv') }, asItIs: a, several: { conv1: a },
      points: [{ coordinates: { epoch: 4, net: 'mlp' }, path: made('points/epoch=4,net=mlp.csv') }, { coordinates: { epoch: 8, net: 'mlp' }, path: made('points/epoch=8,net=mlp.csv') }],
      both: [{ coordinates: { epoch: 4 }, paths: { conv1: made('both/epoch=4/conv1.npy') } }], links: [{ coordinates: { epoch: 4 }, path: a }],
    },
  });
  const at = (name: string): string => bench.at('work/program', made(name));
  expect(await readFile(at('members/conv2.csv'), 'utf8')).toBe(csvOf(''));
  expect((await readNpyTensor(at('both/epoch=4/conv1.npy'))).data).toEqual(Float32Array.of(1, 2, 3, 4));
  expect(await readFile(at('both/epoch=4/conv1.rows.csv'), 'utf8')).toBe('exampleId,set\n7,test\n8,test\n');
});

test('the folder of several inputs holds each under its name, artifacts as links', async () => {
  const a = await table('a', 1);
  success(await bench.sh(`set -eu
for point in "$MEMGEO_INPUT_points"/*; do echo "$(basename "$point") $(ls "$point")"; done > "$MEMGEO_OUTPUT_out/list"`, {}, {
    inputs: { points: [{ coordinates: { epoch: 4 }, location: a }, { coordinates: { epoch: 8 }, location: a }] },
  }));
  expect(await bench.read('out/list')).toBe('epoch=4 artifact.json\ntable.parquet\nepoch=8 artifact.json\ntable.parquet\n');
});

test('names that are no file names, or the same one in capitals, are numbered: no file is made outside the folder', async () => {
  const a = await table('a', 1);
  success(await bench.sh('touch "$MEMGEO_OUTPUT_out/x"', { formats: { members: 'csv', points: 'csv' } }, {
    inputs: {
      members: { '../../escaped': a, '..': a, 'A': a, 'a': a, '-rf': a, ['x'.repeat(300)]: a, 'two words': a },
      points: [{ coordinates: {}, location: a }, { coordinates: {}, location: a }, { coordinates: { source: '/data/x y' }, location: a }],
    },
  }));
  expect((await readdir(bench.at('work/program/inputs/members'))).sort()).toEqual(['A.csv', 'a-4.csv', 'number-1.csv', 'number-2.csv', 'number-5.csv', 'number-6.csv', 'number-7.csv'].sort());
  expect((await readdir(bench.at('work/program/inputs/points'))).sort()).toEqual(['number-1.csv', 'number-2.csv', 'number-3.csv']);
  expect((await readdir(bench.at('work'))).sort()).toEqual(['outputs', 'program', 'result.json']);
});

test.each([
  ['a tensor as csv', 'csv', tensor, /The input x can't be given as csv: .* must be a table; it is a tensor of schema points@1/],
  ['a table as npy', 'npy', (name: string) => table(name, 1), /The input x can't be given as npy: .* must be a tensor; it is a table of schema scores@1/],
] as const)('%s is refused by name, before the program starts', async (_, format, make, message) => {
  const result = await bench.sh('touch "$MEMGEO_OUTPUT_out/x"', { formats: { x: format } }, { inputs: { x: await make('x') } });
  expect(failure(result).message).toMatch(message);
  expect(failure(result).stack).toBeUndefined();
});

test('two names that are one environment variable are refused', async () => {
  const result = await bench.sh('', {}, { params: { 'a-b': 1, a_b: 2 } });
  expect(failure(result).message).toMatch(/Two names would be the one environment variable MEMGEO_PARAM_a_b; "a_b" is the second/);
});

test('a parameter that is no text for an environment is in the job file only', async () => {
  const long = 'x'.repeat(200_000);
  success(await bench.sh('cp "$1" "$MEMGEO_OUTPUT_out"; env | grep -c MEMGEO_PARAM > "$MEMGEO_OUTPUT_out/count"', {}, { params: { long, nul: 'a\u0000b', short: 'x' } }));
  expect(JSON.parse(await bench.read('out/job.json'))).toMatchObject({ params: { long, nul: 'a\u0000b' } });
  expect(await bench.read('out/count')).toBe('1\n');
});

test('of the environment, what memgeo says to itself is not passed on', async () => {
  process.env.MEMGEO_RUNNER_PIPE = '1';
  process.env.MEMGEO_INPUT_old = '/x';
  process.env.PROGRAM_TEST = 'passed';
  try {
    success(await bench.sh('env > "$MEMGEO_OUTPUT_out/env"; [ -t 0 ] || cat > "$MEMGEO_OUTPUT_out/stdin"'));
  } finally {
    for (const name of ['MEMGEO_RUNNER_PIPE', 'MEMGEO_INPUT_old', 'PROGRAM_TEST']) delete process.env[name];
  }
  const env = await bench.read('out/env');
  expect(env).toMatch(/^PROGRAM_TEST=passed$/m);
  expect(env).not.toMatch(/MEMGEO_RUNNER_PIPE|MEMGEO_INPUT_old/);
  expect(await bench.read('out/stdin')).toBe('');
});

const whenPython = hasPython ? test : test.skip;
whenPython('(python3) a program that knows only the standard library turns a table into a table, without loss', async () => {
  const result = await bench.python(`
import csv, json, sys
job = json.load(open(sys.argv[1], encoding="utf-8"))
with open(job["outputs"]["made"], "w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file)
    writer.writerow(["value", "layer"])
    for point in job["inputs"]["scores"]:
        for row in csv.DictReader(open(point["path"], newline="", encoding="utf-8")):
            writer.writerow([float(row["value"]) * job["params"]["factor"] if row["value"] else None, row["layer"]])
json.dump({"status": "done", "facts": {"points": len(job["inputs"]["scores"])}}, open(job["resultFile"], "w"))
`, { formats: { scores: 'csv' }, outputs: { made: { kind: 'table', schema: 'scores@1', format: 'csv', columns: { layer: 'string', value: 'float64?' } } } }, {
    inputs: { scores: await Promise.all([0.1, Number.NaN, -0, null, Number.NEGATIVE_INFINITY].map(async (value, i) => ({ coordinates: { i }, location: await table(`s${i}`, value) }))) }, params: { factor: 1 },
  });
  expect(success(result).facts).toEqual({ points: 5 });
  expect((await readTable(bench.at('work/outputs/made'), scores)).map(({ value }) => value)).toEqual([0.1, NaN, -0, null, -Infinity]);
});

whenPython('(python3) a tensor goes through .npy and comes back, with the columns of its rows', async () => {
  success(await bench.python(`
import json, os, shutil
shutil.copy(os.environ["MEMGEO_INPUT_x"], os.environ["MEMGEO_OUTPUT_y"])
shutil.copy(os.environ["MEMGEO_INPUT_x"][:-4] + ".rows.csv", os.environ["MEMGEO_OUTPUT_y"][:-4] + ".rows.csv")
`, { formats: { x: 'npy' }, outputs: { y: { kind: 'tensor', schema: 'points@1', format: 'npy' } } }, { inputs: { x: await tensor('x') } }));
  const read = await readTensor(bench.at('work/outputs/y'), { schema: 'points@1' });
  expect(read).toMatchObject({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2], rows: { exampleId: Int32Array.of(7, 8), set: ['test', 'test'] } });
});
