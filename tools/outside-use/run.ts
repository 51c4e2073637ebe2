import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parquetReadObjects, asyncBufferFromFile } from 'hyparquet';
import { runChecks } from '../run-checks.js';

/**
 * Packs the packages, installs them in a Node project outside the repository, and uses them there.
 *
 * Usage: tsx tools/outside-use/run.ts [PYTHON], where PYTHON is an interpreter with pyarrow and numpy, the "other programs".
 */
const root = join(import.meta.dirname, '../..');
const python = process.argv[2] ?? 'python3';
const project = await mkdtemp(join(tmpdir(), 'memgeo-outside-'));
const run = execa({ cwd: project, env: { NODE_OPTIONS: '' } });

async function packAndInstall(): Promise<void> {
  const packages = (await readdir(join(root, 'packages'))).map((name) => join(root, 'packages', name));
  await execa({ cwd: root })`npm pack --silent --pack-destination ${project} ${packages}`;
  const tarballs = (await readdir(project)).filter((name) => name.endsWith('.tgz')).map((name) => `./${name}`);
  assert.equal(tarballs.length, packages.length);
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'outside', private: true, type: 'module' }));
  await run`npm install --no-audit --no-fund --silent ${tarballs}`;
  await cp(join(import.meta.dirname, 'example'), project, { recursive: true });
}

/** A program that prints every file that importing a package would load. */
function graphOf(name: string): string {
  return `import { build } from 'esbuild';
    const { metafile } = await build({ stdin: { contents: "export * from '${name}'", resolveDir: '.' }, bundle: true, platform: 'node', format: 'esm', metafile: true, write: false });
    console.log(Object.keys(metafile.inputs).join('\\n'));`;
}

function assertPlausible(measures: Record<string, { value: number }>): void {
  const chance = 2 / 20;
  assert.ok(measures['capacity']!.value > chance && measures['capacity']!.value < 2, `capacity ${measures['capacity']!.value} must lie between chance and 2`);
  assert.ok(measures['radius']!.value > 0 && measures['dimension']!.value > 1 && measures['dimension']!.value < 20);
}

try {
  await runChecks([
    { title: 'the packed packages install in a plain Node project', run: packAndInstall },
    {
      title: 'manifoldGeometry() works on a float32 matrix and loads neither Arrow nor TensorFlow.js',
      run: async () => {
        const { stdout } = await run`node geometry-of-a-matrix.mjs`;
        assertPlausible(JSON.parse(stdout) as Record<string, { value: number }>);
        // The import graph, as a bundler sees it.
        const { stdout: loaded } = await run`node --input-type=module --eval ${graphOf('@memgeo/geometry')}`;
        assert.match(loaded, /geometry/);
        assert.doesNotMatch(loaded, /apache-arrow|tensorflow|parquet/);
      },
    },
    {
      title: 'memgeo stage run geometry/mftma works on an Arrow file that another program wrote',
      run: async () => {
        await run`${python} write_activations.py activations.arrow`;
        await run`npx memgeo stage run geometry/mftma --in activations=activations.arrow --with gaussianVectors=50 --out measured`;
        const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(project, 'measured/geometry/table.parquet')) });
        assertPlausible(Object.fromEntries(rows.map((row) => [row['measure'], row as { value: number }])));
      },
    },
    {
      title: 'memgeo stage run geometry/mftma works on each layer of a .npz file that NumPy wrote',
      run: async () => {
        await run`${python} write_activations_npz.py activations.npz`;
        const { stdout } = await run`npx memgeo stage run geometry/mftma --in activations=activations.npz --with gaussianVectors=50 --out measured-npz`;
        assert.match(stdout, /conv1 +all +capacity/);
        const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(project, 'measured-npz/geometry/table.parquet')) });
        for (const layer of ['conv1', 'conv2']) assertPlausible(Object.fromEntries(rows.filter((row) => row['layer'] === layer).map((row) => [row['measure'], row as { value: number }])));
      },
    },
    {
      title: 'the embedded data sets come with the packages',
      run: async () => {
        await run`npx memgeo stage run dataset/permute --with source=glyphs --with trainPerClass=4 --with testPerClass=2 --out data`;
        assert.match((await run`npx memgeo show data/examples`).stdout, /shape +\(564, 784\) uint8/);
      },
    },
    {
      title: 'memgeo init makes an experiment that installs from the packed packages, runs, and then is all cached',
      run: async () => {
        await run`npx memgeo init experiment --packages .`;
        const inside = execa({ cwd: join(project, 'experiment'), env: { NODE_OPTIONS: '' } });
        await inside`npm install --no-audit --no-fund --silent --prefer-offline`;
        const first = await inside`npx memgeo run pipeline.yaml --plain`;
        assert.match(first.stdout, /experiment: \d+ ran in/);
        assert.match(await readFile(join(project, 'experiment/results/experiment/report/index.html'), 'utf8'), /A first experiment/);
        assert.match((await inside`npx memgeo show summary`).stdout, /networks/);
        assert.match((await inside`npx memgeo run pipeline.yaml --plain`).stdout, /experiment: \d+ cached in/);
        assert.match((await inside`npx memgeo cache ls`).stdout, /objects, shared ones counted once/);
        // What the pipeline file says of its schema, editors find.
        assert.equal((JSON.parse(await readFile(join(project, 'experiment/memgeo.schema.json'), 'utf8')) as { type: string }).type, 'object');
      },
    },
    { title: 'memgeo stage list shows the installed stages', run: async () => assert.match((await run`npx memgeo stage list`).stdout, /training\/train/) },
  ]);
} finally {
  await rm(project, { recursive: true, force: true });
}
