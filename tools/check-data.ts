/**
 * Checks the embedded data sets without a network: bytes, shapes, balance, independence of the splits, licences.
 *
 * Usage: npx tsx tools/check-data.ts
 */
import { join } from 'node:path';
import { checksOfDataSet } from './data-checks/data-set-checks.js';
import { fashionMnistChecks } from './data-checks/fashion-mnist-checks.js';
import { glyphChecks } from './data-checks/glyph-checks.js';
import { runChecks } from './run-checks.js';

const root = join(import.meta.dirname, '../data');

await runChecks([
  ...checksOfDataSet(join(root, 'glyphs')),
  ...glyphChecks(join(root, 'glyphs')),
  ...checksOfDataSet(join(root, 'fashion-mnist')),
  ...fashionMnistChecks(join(root, 'fashion-mnist')),
]);
