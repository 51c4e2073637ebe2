import { execFile } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';

const program = `
  import { openBackend } from ${JSON.stringify(fileURLToPath(new URL('../../src/backends/open-backend.ts', import.meta.url)))};
  await openBackend('wasm');
  throw new Error('a mistake of the caller');`;

test('what nobody catches after wasm has been opened is said by Node alone, without the code of TensorFlow.js', async () => {
  const stderr = await new Promise<string>((settle) => {
    execFile(process.execPath, ['--conditions=@memgeo/source', '--import', 'tsx', '--input-type=module', '--eval', program], { cwd: fileURLToPath(new URL('../..', import.meta.url)), env: { ...process.env, NODE_OPTIONS: '' } }, (_, __, said) => settle(said));
  });
  expect(stderr).toContain('Error: a mistake of the caller');
  expect(stderr.length).toBeLessThan(2000);
}, 30_000);
