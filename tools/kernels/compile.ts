/**
 * Compiles the AssemblyScript kernels of each package that has some to a module of base64 text.
 *
 * With --check writes nothing and fails if a committed file is not what its sources compile to.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Where the compiled kernels of each package go, and whether their memory may be shared by threads. */
const packages = {
  network: { target: 'src/backends/wasm/compiled-kernels.ts', options: [] },
  numerics: { target: 'src/kernels/compiled-kernels.ts', options: ['--enable', 'threads', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'] },
};
const isCheck = process.argv.includes('--check');
const folder = mkdtempSync(join(tmpdir(), 'memgeo-kernels-'));
let [passed, failed] = [0, 0];
try {
  for (const [name, { target, options }] of Object.entries(packages)) {
    const binary = join(folder, `${name}.wasm`);
    execFileSync(process.execPath, [
      join(root, 'node_modules/assemblyscript/bin/asc.js'), join(root, `packages/${name}/kernels/index.ts`),
      '--outFile', binary, '--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd', '--noColors', ...options,
    ], { stdio: ['ignore', 'inherit', 'inherit'], cwd: root });
    const lines = readFileSync(binary).toString('base64').match(/.{1,120}/g)!;
    const text = `/** The kernels of packages/${name}/kernels, compiled by \`npm run kernels\`. Do not edit. */\nexport const compiledKernels = [\n${lines.map((line) => `  '${line}',\n`).join('')}].join('');\n`;
    const path = join(root, 'packages', name, target);
    if (!isCheck) {
      writeFileSync(path, text);
      console.log(`packages/${name}/${target}: ${readFileSync(binary).length} bytes of WebAssembly`);
      continue;
    }
    const isSame = readFileSync(path, 'utf8') === text;
    console.log(isSame ? `The compiled kernels of ${name} are what their sources give.` : `packages/${name}/${target} is not what packages/${name}/kernels compiles to. Run \`npm run kernels\`.`);
    if (isSame) passed++;
    else failed++;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (isCheck) {
  console.log(`Checks: ${passed} passed, ${failed} failed, ${passed + failed} total`);
  process.exitCode = failed > 0 ? 1 : 0;
}
