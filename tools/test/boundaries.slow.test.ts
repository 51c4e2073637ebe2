import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

beforeAll(() => {
  // The boundary rule reads the project graph that nx keeps; without one it would pass everything.
  execFileSync('npx', ['nx', 'show', 'projects'], { cwd: root, stdio: 'ignore' });
}, 60_000);

test.each([
  ['a stage package', 'packages/geometry/src/stages/new.ts', '@memgeo/training', /scope:stage-package/],
  ['the runner on a stage package', 'packages/pipeline/src/new.ts', '@memgeo/geometry', /scope:pipeline/],
  ['numerics on artifacts', 'packages/numerics/src/new.ts', '@memgeo/artifacts', /core:numerics|Numerical code is pure/],
  ['geometry on Arrow', 'packages/geometry/src/mftma/new.ts', 'apache-arrow', /Numerical code is pure/],
  ['geometry on TensorFlow.js', 'packages/geometry/src/mftma/new.ts', '@tensorflow/tfjs-core', /Numerical code is pure/],
  ['pure geometry on artifacts', 'packages/geometry/src/mftma/new.ts', '@memgeo/artifacts', /Numerical code is pure/],
  ['the runner on TensorFlow.js', 'packages/pipeline/src/new.ts', '@tensorflow/tfjs-core', /import TensorFlow\.js/],
])('lint refuses a dependency of %s', (_, file, module, message) => {
  expect(lint(file, `import { x } from '${module}';\nexport const y: unknown = x;\n`)).toMatch(message);
}, 60_000);

test('lint accepts what the boundaries allow', () => {
  expect(lint('packages/geometry/src/stages/new.ts', `import { x } from '@memgeo/artifacts';\nexport const y: unknown = x;\n`)).toBe('');
}, 60_000);

/** Lints a text as if it stood in a file; a process of its own, because ESLint loads its configuration by require. */
function lint(file: string, text: string): string {
  try {
    return execFileSync('npx', ['eslint', '--stdin', '--stdin-filename', file], { cwd: root, input: text, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
  } catch (cause) {
    return (cause as { stdout: string }).stdout;
  }
}
