/**
 * Compiles the AssemblyScript kernels of packages/network to src/backends/wasm/compiled-kernels.ts.
 *
 * With --check writes nothing and fails if the committed file is not what the sources compile to.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = join(root, 'packages/network/src/backends/wasm/compiled-kernels.ts');
const folder = mkdtempSync(join(tmpdir(), 'memgeo-kernels-'));
try {
  const binary = join(folder, 'kernels.wasm');
  execFileSync(process.execPath, [
    join(root, 'node_modules/assemblyscript/bin/asc.js'), join(root, 'packages/network/kernels/index.ts'),
    '--outFile', binary, '--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd', '--noColors',
  ], { stdio: ['ignore', 'inherit', 'inherit'], cwd: root });
  const lines = readFileSync(binary).toString('base64').match(/.{1,120}/g)!;
  const text = `/** The kernels of packages/network/kernels, compiled by \`npm run kernels\`. Do not edit. */\nexport const compiledKernels = [\n${lines.map((line) => `  '${line}',\n`).join('')}].join('');\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text);
    console.log(`${target}: ${readFileSync(binary).length} bytes of WebAssembly`);
  } else {
    const isSame = readFileSync(target, 'utf8') === text;
    console.log(isSame ? 'The compiled kernels are what their sources give.' : `${target} is not what packages/network/kernels compiles to. Run \`npm run kernels\`.`);
    console.log(`Checks: ${isSame ? '1 passed, 0 failed' : '0 passed, 1 failed'}, 1 total`);
    process.exitCode = isSame ? 0 : 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
