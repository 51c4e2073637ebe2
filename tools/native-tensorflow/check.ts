import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { runChecks } from '../run-checks.js';

/**
 * Builds the native backend in a temporary folder and uses it: on this Node, on newer ones, and where something is missing.
 *
 * Needs built packages, and npm and PyPI. Usage: tsx tools/native-tensorflow/check.ts
 */
const root = join(import.meta.dirname, '../..');
const cache = await mkdtemp(join(tmpdir(), 'memgeo-native-'));
const network = join(root, 'packages/network');
const env = { XDG_CACHE_HOME: cache, NODE_OPTIONS: '' };
const run = execa({ cwd: network, env });
const program = join(network, 'dist/backends/tensorflow/build/main.js');

/** Trains a few steps by the built package. */
const training = `
  import { Network, networkSchema, openBackend, Trainer } from '@memgeo/network';
  console.log(await openBackend('tensorflow'));
  const network = Network.initialize({ spec: networkSchema.parse({ kind: 'vgg', channels: [4], dense: [] }), inputShape: [8, 8, 1], classCount: 2, normalization: { mean: 0.5, standardDeviation: 0.3 } }, 1);
  const trainer = new Trainer(network, { learningRate: 0.05, momentum: 0.9, weightDecay: 0 });
  const data = Float32Array.from({ length: 20 * 64 }, (_, i) => Math.sin(i * (Math.floor(i / 64) % 2 + 1)));
  const labels = Array.from({ length: 20 }, (_, i) => i % 2), order = labels.map((_, i) => i);
  const losses = [];
  for (let epoch = 0; epoch < 10; epoch++) losses.push((await trainer.trainEpoch({ data, count: 20 }, labels, order, { batchSize: 10 })).loss);
  console.log(losses.at(-1) < 0.5 * losses[0] ? 'learns' : losses.join());`;

const twoThreads = `name: threads
stages:
  data: { uses: dataset/permute, with: { source: glyphs, classes: [A, B, C, D], trainPerClass: 40, testPerClass: 10 } }
  train:
    uses: training/train
    in: { data: data }
    with: { network: { kind: vgg, channels: [16, 32], convolutionsPerBlock: 2, dense: [] }, backend: tensorflow, workers: 2, epochs: 2, batchSize: 40 }
`;

async function trainsOn(node: string): Promise<void> {
  const { stdout } = await run`${node} --input-type=module --eval ${training}`;
  assert.match(stdout, /TensorFlow 2[\d.]+ on the CPU/);
  assert.match(stdout, /learns/);
}

async function newerNode(major: number): Promise<string> {
  const prefix = join(cache, `node-${major}`);
  await run`npm install --silent --no-audit --no-fund --prefix ${prefix} node@${major}`;
  return join(prefix, 'node_modules/.bin/node');
}

try {
  await runChecks([
    {
      title: 'without a compiler the build is refused before anything is fetched',
      run: async () => {
        const { exitCode, stderr } = await execa({ env: { ...env, CXX: 'no-such-compiler' }, reject: false })`node ${program}`;
        assert.equal(exitCode, 1);
        assert.match(stderr, /must have a C\+\+17 compiler; no-such-compiler --version does not work/);
      },
    },
    {
      title: 'a wheel of another hash is refused, and nothing is left',
      run: async () => {
        const forged = `import { buildNative } from ${JSON.stringify(join(network, 'dist/backends/tensorflow/build/build-native.js'))};
          await buildNative({ build: 'cpu', requirements: ['typing-extensions==4.12.2 --hash=sha256:${'0'.repeat(64)}'] }).catch((cause) => console.log(cause.message));`;
        const { stdout } = await run`node --input-type=module --eval ${forged}`;
        assert.match(stdout, /pip could not fetch the wheel with the expected hash/);
        assert.deepEqual(existsSync(join(cache, 'memgeo')) ? await readdir(join(cache, 'memgeo')) : [], []);
      },
    },
    {
      title: 'the build succeeds',
      run: async () => {
        const { stdout } = await run`node ${program}`;
        assert.match(stdout, /The backend tensorflow is ready/);
      },
    },
    {
      title: 'memgeo doctor finds it',
      run: async () => {
        const { stdout } = await run`node ${join(root, 'packages/cli/bin/memgeo.js')} doctor`;
        assert.match(stdout, /yes {2}backend tensorflow/);
      },
    },
    { title: `it trains on Node ${process.versions.node}`, run: () => trainsOn(process.execPath) },
    ...[22, 24].map((major) => ({ title: `it trains on Node ${major}`, run: async () => trainsOn(await newerNode(major)) })),
    {
      title: 'memgeo trains on two threads of it, twice to the same bytes',
      run: async () => {
        const pipeline = join(cache, 'threads.yaml');
        await writeFile(pipeline, twoThreads);
        const made = [];
        for (const store of ['one', 'two']) {
          await execa({ cwd: cache, env })`node ${join(root, 'packages/cli/bin/memgeo.js')} run ${pipeline} --store ${store} --plain`;
          made.push((await readdir(join(cache, store, 'objects'))).sort());
        }
        assert.ok(made[0]!.length > 4);
        assert.deepEqual(made[0], made[1]);
      },
    },
    {
      title: 'its losses and gradients are those of wasm',
      run: async () => {
        const jest = join(root, 'node_modules/jest/bin/jest.js');
        const { all } = await execa({ cwd: network, all: true, env: { ...env, NODE_OPTIONS: '--experimental-vm-modules', MEMGEO_SLOW_TESTS: '1' } })`node ${jest} test/backends/tensorflow.slow`;
        assert.match(all, /Tests: +5 passed/);
      },
    },
    {
      title: 'a build whose binding is damaged is named with the reason, and the command that makes it anew',
      run: async () => {
        const folder = join(cache, 'memgeo', (await readdir(join(cache, 'memgeo')))[0]!);
        await writeFile(join(folder, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'), 'damaged');
        const { stdout } = await run`node ${join(root, 'packages/cli/bin/memgeo.js')} doctor`;
        assert.match(stdout, /no {3}backend tensorflow.*tfjs_binding\.node/);
        assert.match(stdout, /node .*build\/main\.js/);
      },
    },
  ]);
} finally {
  await rm(cache, { recursive: true, force: true });
}
