import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '../idx/data-set.js';
import type { Check } from '../run-checks.js';
import { expectEqual } from './expect.js';

const imagesPerClass = { train: 500, test: 100 } as const;
const imagesInAll = { train: 60_000, test: 10_000 } as const;

/** The checks of what is particular to Fashion-MNIST. */
export function fashionMnistChecks(folder: string): Check[] {
  return [
    { title: 'fashion-mnist: at least 500 training and 100 test images per class', run: () => checkCounts(folder) },
    { title: 'fashion-mnist: indices.json has an original number for each image, ascending', run: () => checkIndices(folder) },
    { title: 'fashion-mnist: LICENSE is the MIT licence with the notice of Zalando SE', run: () => checkLicence(folder) },
  ];
}

function checkCounts(folder: string): void {
  const manifest = readManifest(folder);
  for (const split of ['train', 'test'] as const) {
    const perClass = manifest[split] / manifest.classNames.length;
    if (perClass < imagesPerClass[split]) throw new Error(`${split} images per class must be at least ${imagesPerClass[split]}; got ${perClass}.`);
  }
}

function checkIndices(folder: string): void {
  const indices = JSON.parse(readFileSync(join(folder, 'indices.json'), 'utf8')) as Record<'train' | 'test', number[]>;
  const manifest = readManifest(folder);
  for (const split of ['train', 'test'] as const) {
    expectEqual(`number of ${split} indices`, indices[split].length, manifest[split]);
    const isAscending = indices[split].every((index, i) => Number.isInteger(index) && index > (indices[split][i - 1] ?? -1) && index < imagesInAll[split]);
    if (!isAscending) throw new Error(`${split} indices must ascend within [0, ${imagesInAll[split]}).`);
  }
}

function checkLicence(folder: string): void {
  const text = readFileSync(join(folder, 'LICENSE'), 'utf8');
  for (const part of ['Copyright (c) 2017 Zalando SE', 'Permission is hereby granted, free of charge', 'THE SOFTWARE IS PROVIDED "AS IS"']) {
    if (!text.includes(part)) throw new Error(`LICENSE must contain "${part}"; got another text.`);
  }
}
