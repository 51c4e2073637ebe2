import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '../..');
const script = join(root, 'packages/report/test/page/fixture-reports.ts');

/** Has the report package write its reports of rows that never change, from its sources: one like the quickstart's, one of few figures, and a large one. */
export function writeFixtures(folder: string): { readonly fixed: string; readonly small: string; readonly big: string } {
  execFileSync(process.execPath, ['--conditions=@memgeo/source', '--import', 'tsx', script, resolve(folder)], { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_OPTIONS: '' } });
  return { fixed: resolve(folder, 'fixed/index.html'), small: resolve(folder, 'small/index.html'), big: resolve(folder, 'big/index.html') };
}
