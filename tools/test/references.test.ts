import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const bibliography = readFileSync(join(root, 'REFERENCES.bib'), 'utf8');
const knownKeys = new Set([...bibliography.matchAll(/^@\w+\{([^,\s]+),/gm)].map((match) => match[1]!));

test('every citation key in the sources resolves in REFERENCES.bib', () => {
  const unknown: string[] = [];
  for (const file of sourceFiles()) {
    for (const match of readFileSync(file, 'utf8').matchAll(/\[([a-z]+\d{4}[a-z]+)[\],;]/g)) {
      if (!knownKeys.has(match[1]!)) unknown.push(`${file.slice(root.length + 1)}: ${match[1]}`);
    }
  }
  expect(unknown).toEqual([]);
});

test('no key stands twice in REFERENCES.bib', () => {
  expect([...bibliography.matchAll(/^@\w+\{/gm)]).toHaveLength(knownKeys.size);
});

function sourceFiles(): string[] {
  const packages = join(root, 'packages');
  return readdirSync(packages).flatMap((name) => [
    ...readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => join(packages, name, 'src', path)),
    join(packages, name, 'README.md'),
  ]);
}
