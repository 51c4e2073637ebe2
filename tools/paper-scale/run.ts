import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { runChecks } from '../run-checks.js';
import { writeCifar100, writeTinyImageNet } from './fixtures.js';

/**
 * Plans and runs the pipelines of the paper's scale for 2 epochs, on small data sets in the file formats of the large ones.
 *
 * Usage: tsx tools/paper-scale/run.ts [SCALE [FOLDER]], where SCALE multiplies every width of the networks, 0.25 if left out; 1 takes some minutes. In FOLDER
 * the stores and results stay.
 */
const root = join(import.meta.dirname, '../..');
const scale = Number(process.argv[2] ?? 0.25);
const isKept = process.argv[3] !== undefined;
const folder = process.argv[3] ?? (await mkdtemp(join(tmpdir(), 'memgeo-paper-')));
const size = { trainPerClass: 8, testPerClass: 4, seed: 1 };
const cifar = join(folder, 'cifar-100-binary');
const tiny = join(folder, 'tiny-imagenet-200');

/** What makes a pipeline small, beside the data. A permuted label may be the true one by chance, so that a class may have fewer than half of its images in that set. */
const small = ['epochs=2', 'batchSize=40', 'pointsPerManifold=2'];
const some = (name: (i: number) => string) => `classes=[${Array.from({ length: 12 }, (_, i) => name(i)).join(',')}]`;
const wholeTraining = [...small, 'analyzedEpochs=[0,2]', 'rewoundEpochs=[0]', `network.width=${scale}`];
const pipelines = [
  { name: 'paper-vgg16-cifar100', source: cifar, settings: [...wholeTraining, 'layers=[input,conv1,conv13,dense2]'] },
  { name: 'paper-alexnet-cifar100', source: cifar, settings: [...wholeTraining, 'layers=[conv1,dense2]'] },
  { name: 'paper-resnet18-cifar100', source: cifar, settings: [...wholeTraining, 'layers=[layer1.0.relu,pool]'] },
  { name: 'paper-double-descent', source: cifar, settings: [...small, `channels=[1,${64 * scale}]`, 'layers=[pool]'] },
  { name: 'paper-vgg16-tinyimagenet', source: tiny, settings: [...wholeTraining, 'layers=[conv13,dense2]'] },
];

/** Some of the classes: the search for shared directions takes longest where many classes have few points. */
function classes(source: string): string {
  return source === cifar ? some((i) => `class_${i}`) : some((i) => `n${String(1_000_000 + i).padStart(8, '0')}`);
}

async function memgeo(command: string, name: string, source: string, settings: readonly string[]): Promise<string> {
  const sets = [`source.path=${source}`, ...(command === 'run' ? [classes(source)] : []), ...settings].flatMap((setting) => ['--set', `params.${setting}`]);
  const { stdout } = await execa({ cwd: folder, env: { NODE_OPTIONS: '' } })`node ${join(root, 'packages/cli/bin/memgeo.js')} ${command} ${join(root, 'pipelines', `${name}.yaml`)} ${sets}`;
  return stdout;
}

try {
  await writeCifar100(cifar, size);
  await writeTinyImageNet(tiny, { ...size, trainPerClass: 8, testPerClass: 2 });
  await runChecks(pipelines.flatMap(({ name, source, settings }) => [
    { title: `${name} plans as it stands, data given`, run: async () => assert.match(await memgeo('plan', name, source, []), /\d+ points/) },
    {
      title: `${name} runs for 2 epochs`,
      run: async () => {
        const started = performance.now();
        await memgeo('run', name, source, settings);
        console.log(`      ${((performance.now() - started) / 1000).toFixed(0)} s`);
        const page = await readFile(join(folder, 'results', name, 'report', 'index.html'), 'utf8');
        assert.ok(page.includes('<svg'), 'the report must hold figures');
        assert.ok((await stat(join(folder, 'results', name, 'report'))).isDirectory());
      },
    },
  ]));
} finally {
  if (!isKept) await rm(folder, { recursive: true });
}
