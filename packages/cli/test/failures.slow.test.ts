import { spawnSync } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until, Workbench } from './workbench.js';

let bench: Workbench;
beforeAll(async () => { bench = await Workbench.create(); });
afterAll(() => bench.remove());

const long = ['--set', 'stages.train.with.epochs=60', '--set', 'params.analyzedEpochs=[60]', '--set', 'stages.data.with.trainPerClass=200'];

/** Digests of what training made, from the record. */
async function trainingOutputs(store: string): Promise<unknown> {
  for (const name of await readdir(join(bench.folder, store, 'records'))) {
    const record = JSON.parse(await readFile(join(bench.folder, store, 'records', name), 'utf8')) as { point: string; outputs: unknown };
    if (record.point === 'train') return record.outputs;
  }
  throw new Error('training left no record');
}

describe('an interrupted run', () => {
  /** Whether training has come as far as this epoch. */
  const trainedTo = (store: string, epoch: number) => async () => {
    for (const key of await readdir(join(bench.folder, store, 'state')).catch(() => [])) {
      const latest = (await readdir(join(bench.folder, store, 'state', key)).catch(() => [])).find((name) => name.startsWith('latest-'));
      if (latest !== undefined && Number(latest.slice(7)) >= epoch) return true;
    }
    return false;
  };
  const startTraining = (store: string) => bench.start('run', 'pipelines/smoke.yaml', '--plain', ...long, '--only', 'train', '--store', store);
  beforeAll(async () => { expect((await bench.run(...long, '--store', 'straight', '--only', 'train')).code).toBe(0); });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s: exit code 130, no process left, and the next run continues to the same bytes', async (signal) => {
    const child = startTraining(signal);
    await until(trainedTo(signal, 3));
    child.kill(signal);
    expect(await child.ended).toBe(130);
    expect(child.output()).toMatch(/memgeo run pipelines\/smoke\.yaml/);
    expect(bench.processes()).toEqual([]);
    expect(await readdir(join(bench.folder, signal, 'leases'))).toEqual([]);
    const again = await bench.run(...long, '--store', signal, '--only', 'train');
    expect([again.code, again.cached]).toEqual([0, ['data']]);
    expect(again.messages).toContainEqual(expect.stringMatching(/train \| continues after epoch \d+/));
    expect(await trainingOutputs(signal)).toEqual(await trainingOutputs('straight'));
  });

  test('by kill -9 of the runner and of the stage, again and again: the next run takes over and ends with the same bytes', async () => {
    for (const [epoch, victim] of [[1, 'runner'], [9, 'stage'], [20, 'runner'], [33, 'stage']] as const) {
      const child = startTraining('killed');
      await until(trainedTo('killed', epoch));
      if (victim === 'runner') child.kill('SIGKILL');
      else for (const line of bench.processes()) process.kill(Number(line.trim().split(' ')[0]), 'SIGKILL');
      expect(await child.ended).toBe(victim === 'runner' ? null : 1);
      await until(() => bench.processes().length === 0, 10_000);
    }
    const again = await bench.run(...long, '--store', 'killed', '--only', 'train');
    expect(again.code).toBe(0);
    expect(again.messages).toContainEqual(expect.stringMatching(/train \| continues after epoch \d\d/));
    for (const folder of ['work', 'leases', 'state', 'failed']) expect(await readdir(join(bench.folder, 'killed', folder))).toEqual([]);
    expect(await trainingOutputs('killed')).toEqual(await trainingOutputs('straight'));
  });

  test('by a second Ctrl-C: also a stage that does not listen ends at once', async () => {
    await writeFile(join(bench.folder, 'pipelines/deaf.yaml'), 'name: deaf\nstages:\n  deaf: { uses: exec:./deaf.sh, outputs: { text: { kind: folder, schema: text@1, format: folder } } }\n');
    await writeFile(join(bench.folder, 'pipelines/deaf.sh'), '#!/bin/sh\ntrap "" TERM INT HUP\nwhile :; do sleep 1; done\n');
    spawnSync('chmod', ['+x', 'pipelines/deaf.sh'], { cwd: bench.folder });
    const child = bench.start('run', 'pipelines/deaf.yaml', '--plain', '--store', 'deaf');
    await until(() => bench.processes().some((line) => line.includes('deaf.sh')));
    // A stopped stage hears nothing but SIGKILL.
    for (const line of bench.processes()) process.kill(Number(line.trim().split(' ')[0]), 'SIGSTOP');
    child.kill('SIGINT');
    await until(() => child.output().includes('nterrupted'));
    child.kill('SIGINT');
    expect(await child.ended).toBe(130);
    expect(bench.processes()).toEqual([]);
    expect(await readdir(join(bench.folder, 'deaf/leases'))).toEqual([]);
  });
});

test('a stage that is killed: exit code 1, said to be a matter of memory, and the rest is skipped', async () => {
  const child = bench.start('run', 'pipelines/smoke.yaml', '--plain', ...long, '--store', 'stage-killed');
  await until(() => /train \| starts/.test(child.output()) && bench.processes().length > 0);
  process.kill(Number(bench.processes()[0]!.trim().split(' ')[0]), 'SIGKILL');
  expect(await child.ended).toBe(1);
  expect(child.output()).toMatch(/train failed: .*\n.*killed by SIGKILL[\s\S]*for lack of memory/);
  expect(child.output()).toMatch(/report \| skipped/);
});

test('two runs at once share the work: each point runs once', async () => {
  const both = await Promise.all([bench.run('--store', 'shared', '--results', 'r1'), bench.run('--store', 'shared', '--results', 'r2')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const ran = both.flatMap((outcome) => outcome.ran);
  expect([...ran].sort()).toEqual([...new Set(ran)].sort());
  expect(ran).toHaveLength(11);
  expect(await readFile(join(bench.folder, 'r1/smoke/report/index.html'))).toEqual(await readFile(join(bench.folder, 'r2/smoke/report/index.html')));
});

test('a diverging loss: stops with advice, keeps the checkpoints', async () => {
  const { code, stderr } = await bench.run('--store', 'diverged', '--set', 'stages.train.with.learningRate=1e30', '--set', 'stages.train.with.momentum=0');
  expect(code).toBe(1);
  expect(stderr).toMatch(/train failed: .*\n +training\/train: epoch \d: the loss became .*Lower learningRate/);
  const kept = /are kept in (.*checkpoints)\./.exec(stderr)![1]!;
  expect(await readdir(kept)).toContain('0');
});

test('a results folder that can not be written: exit code 1, and the report is safe in the store', async () => {
  await writeFile(join(bench.folder, 'occupied'), '');
  const { code, stderr, ran } = await bench.run('--store', 'unwritable', '--results', 'occupied');
  expect([code, ran.includes('report')]).toEqual([1, true]);
  expect(stderr).toMatch(/The results can't be written to .*occupied.*Make the folder writable or choose another by --results/);
  expect((await bench.run('--store', 'unwritable', '--results', 'fine')).cached).toContain('report');
});

test('a data file cut in half: exit code 1, with file and offset', async () => {
  await rm(join(bench.folder, 'idx'), { recursive: true, force: true });
  spawnSync('cp', ['-rL', join(bench.folder, 'data/fashion-mnist'), join(bench.folder, 'idx')]);
  spawnSync('sh', ['-c', 'gunzip idx/*.gz && truncate -s 1000000 idx/train-images-idx3-ubyte'], { cwd: bench.folder });
  await writeFile(join(bench.folder, 'pipelines/cut.yaml'), 'name: cut\nstages:\n  data: { uses: dataset/permute, with: { source: { format: idx, path: ../idx } } }\n');
  const { code, stderr } = await bench.memgeo('run', 'pipelines/cut.yaml', '--plain');
  expect(code).toBe(1);
  expect(stderr).toMatch(/data failed: .*\n +dataset\/permute: .*idx\/train-images-idx3-ubyte, offset 16: 3920000 bytes are expected for shape \(5000, 28, 28\); 999984 follow\. Is the file cut short\?/);
});

const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
(canMount ? test : test.skip)('a full disk: exit code 1, said so, and after space is made the run goes on', async () => {
  const script = [
    'mkdir -p full && mount -t tmpfs -o size=1200k tmpfs full',
    'node packages/cli/bin/memgeo.js run pipelines/smoke.yaml --plain --store full; echo first $?',
    'mount -o remount,size=100m full',
    'node packages/cli/bin/memgeo.js run pipelines/smoke.yaml --plain --store full; echo second $?',
  ].join('\n');
  const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', script], { cwd: bench.folder, encoding: 'utf8' });
  expect(stdout).toMatch(/first 1/);
  expect(stderr).toMatch(/disk .*full|no space left/i);
  expect(stderr).not.toMatch(/^ +at |Unhandled/m);
  expect(stdout).toMatch(/second 0/);
});

describe('what the user gets wrong is one paragraph with exit code 2, before anything runs', () => {
  test.each([
    ['unknown stage key', /stages:\n/, 'stages:\n  extra: { uses: report/html, ni: {} }\n', /smoke\.yaml:\d+: unknown key "ni" in stages\.extra\. Did you mean "in"\?/],
    ['unknown parameter', 'epochs: 3', 'epoch: 3', /unknown key "epoch" in stages\.train\.with\. Did you mean "epochs"\?/],
    ['wrong type', 'epochs: 3', 'epochs: many', /stages\.train\.with\.epochs: .*expected number.*got "many"/],
    ['a fraction above 1', 'trainPerClass: 20', 'permutedFraction: 1.5, trainPerClass: 20', /stages\.data\.with\.permutedFraction: .*<=1.*got 1\.5/],
    ['a cycle', 'in: { data: data }', 'in: { data: report }', /the stages form a cycle: train -> report -> train\./],
    ['a stage that is not installed', 'training/train', 'training/trian', /there is no stage "training\/trian" installed\. Did you mean "training\/train"\?/],
    ['an input of another kind', 'history: train.history', 'history: train.checkpoints/3', /the port takes a table of schema history@1; "checkpoints" of training\/train is a tensor-set/],
    ['a missing input', 'in: { data: data }', 'in: {}', /stages\.train\.in needs "data"/],
    ['an unknown expression', '${params.analyzedEpochs}', '${params.epochs}', /\$\{params\.epochs\} names nothing\. Did you mean "params\.\w+"\?/],
    ['no YAML', 'name: smoke', 'name: [smoke', /smoke\.yaml:\d+: not valid YAML/],
  ])('%s', async (_, from, to, message) => {
    const path = join(bench.folder, 'pipelines/smoke.yaml');
    const text = await readFile(path, 'utf8');
    await bench.edit('pipelines/smoke.yaml', from, to);
    const { code, stderr, stdout } = await bench.memgeo('run', 'pipelines/smoke.yaml', '--plain');
    await writeFile(path, text);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test.each([
    [['run', 'nowhere.yaml'], /nowhere\.yaml: the pipeline can't be read/],
    [['run', 'pipelines/smoke.yaml', '--set', 'params.sed=2'], /there is no parameter "sed"\. Did you mean "seed"\?/],
    [['run', 'pipelines/smoke.yaml', '--only', 'trian'], /there is no stage or point "trian"\. Did you mean "train"\?/],
    [['run', 'pipelines/smoke.yaml', '--jobs', '0'], /whole number of at least 1/],
    [['stage', 'run', 'geometry/mftma', '--out', 'o'], /needs --in activations=PATH/],
    [['stage', 'describe', 'geometry/mfta'], /Did you mean "geometry\/mftma"\?/],
    [['show', 'nothing'], /There is no artifact "nothing"/],
    [['fly'], /unknown command 'fly'/],
  ])('memgeo %j', async (args, message) => {
    const { code, stderr } = await bench.memgeo(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('what only a stage can tell fails that stage with exit code 1', () => {
  test.each([
    ['stages.activations.with.pointsPerManifold=11', /class "A" has 10 examples in the unpermuted set; pointsPerManifold asks for 11/],
    ['stages.activations.with.layers=[dense9.relu]', /there is no layer "dense9\.relu".*Layers: input, dense1, dense1\.relu, dense2/],
    ['params.analyzedEpochs=[7]', /train\.checkpoints has no member "7"; it has 0, 1, 2, 3/],
  ])('%s', async (override, message) => {
    const { code, stderr } = await bench.run('--set', override);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});

test('a reader that stops reading does not stop the run', async () => {
  const { stdout, stderr } = spawnSync('bash', ['-c', 'node packages/cli/bin/memgeo.js run pipelines/smoke.yaml --plain --store piped | head -1; echo ${PIPESTATUS[0]}'], { cwd: bench.folder, encoding: 'utf8' });
  expect([stdout, stderr]).toEqual([expect.stringMatching(/^smoke: 11 points.*\n0\n$/), '']);
});

test('the other commands: plan, graph, schema, doctor, stage list and describe, show, cache verify', async () => {
  await bench.run();
  expect((await bench.memgeo('plan', 'pipelines/smoke.yaml')).stdout).toMatch(/smoke: everything is cached/);
  expect((await bench.memgeo('plan', 'pipelines/smoke.yaml', '--set', 'params.seed=2')).stdout).toMatch(/data +will run: with\.seed 1 -> 2/);
  expect((await bench.memgeo('graph', 'pipelines/smoke.yaml')).stdout).toMatch(/flowchart LR[\s\S]*data --> train/);
  const schema = JSON.parse((await bench.memgeo('schema')).stdout) as { properties: object };
  expect(Object.keys(schema.properties)).toEqual(['name', 'description', 'params', 'stages']);
  expect((await bench.memgeo('doctor')).stdout).toMatch(/yes +backend wasm/);
  expect((await bench.memgeo('stage', 'list')).stdout.trim().split('\n').map((line) => line.split(' ')[0])).toEqual([
    'activations/extract', 'dataset/permute', 'geometry/glue', 'geometry/mftma', 'geometry/reconstruction', 'geometry/separation', 'geometry/similarity', 'geometry/simulated-capacity', 'geometry/spectra', 'gradients/split',
    'report/claims', 'report/compare', 'report/html', 'rewinding/distance-gap', 'rewinding/evaluate', 'training/export-weights', 'training/import-weights', 'training/train',
  ]);
  expect((await bench.memgeo('stage', 'describe', 'geometry/mftma')).stdout).toMatch(/gaussianVectors: integer \(>= 1\) \| "auto" = 200/);
  expect((await bench.memgeo('show', 'geometry[epoch=3]')).stdout).toMatch(/kind +table, schema geometry@2[\s\S]*made by +geometry\[epoch=3\]/);
  expect(await bench.memgeo('cache', 'verify')).toMatchObject({ code: 0, stdout: expect.stringMatching(/objects hashed, .*: all are intact/) });
});
