import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const stagePackages = ['activations', 'dataset', 'geometry', 'gradients', 'report', 'rewinding', 'training'];
const pureInGeometry = {
  patterns: [
    { group: ['apache-arrow', 'apache-arrow/*', 'parquetjs', '@tensorflow/*', '@memgeo/artifacts', '@memgeo/stage'], message: 'Numerical code is pure: only src/stages reads and writes artifacts.' },
    { group: ['node:fs', 'node:fs/*', 'fs'], message: 'Numerical code is pure: only src/stages does I/O.' },
  ],
};

/** Who may depend on whom; the picture is in docs/architecture.md. */
const dependencyRules = [
  { sourceTag: 'core:numerics', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'core:artifacts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'core:stage', onlyDependOnLibsWithTags: ['core:artifacts'] },
  { sourceTag: 'scope:network', onlyDependOnLibsWithTags: ['core:numerics'] },
  { sourceTag: 'scope:stage-package', onlyDependOnLibsWithTags: ['scope:core', 'scope:network'] },
  { sourceTag: 'scope:pipeline', onlyDependOnLibsWithTags: ['core:artifacts', 'core:stage'] },
  { sourceTag: 'scope:tools', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'scope:cli', onlyDependOnLibsWithTags: ['scope:core', 'scope:network', 'scope:stage-package', 'scope:pipeline'] },
];

export default [
  { ignores: ['**/dist', '**/out-tsc', '**/node_modules', '.nx', '.memgeo', 'results', '**/test-output', '**/*.d.ts', 'packages/*/kernels', '.venv-ci'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.js'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: true, allow: ['../../jest.preset.js', '../jest.preset.js'], depConstraints: dependencyRules }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } }],
    },
  },
  { files: ['**/*.config.js', 'jest.preset.js'], rules: { 'no-restricted-exports': 'off' } },
  { files: ['packages/geometry/src/**/*.ts', 'packages/numerics/src/**/*.ts'], ignores: ['packages/geometry/src/stages/**'], rules: { 'no-restricted-imports': ['error', pureInGeometry] } },
  // A stage is described in src/stages without loading what it runs; TensorFlow.js stays out of packages that don't need it.
  ...['artifacts', 'stage', 'pipeline', 'dataset', 'report'].map((name) => ({
    files: [`packages/${name}/src/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: ['@tensorflow/*'], message: 'Only @memgeo/network and what builds on it import TensorFlow.js.' }] }] },
  })),
  { files: stagePackages.map((name) => `packages/${name}/test/**/*.ts`), rules: { '@nx/enforce-module-boundaries': 'off' } },
];
