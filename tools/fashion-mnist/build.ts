/**
 * Builds data/fashion-mnist: the first images of each class of Fashion-MNIST, from Debian's package of it.
 *
 * Usage, on Debian: npx tsx tools/fashion-mnist/build.ts [cache folder]. The cache (default .memgeo/fashion-mnist) keeps
 * the package.
 */
import { join, resolve } from 'node:path';
import { fetchPackage } from '../glyphs/debian-package.js';
import { idxFiles, readIdxFile, writeDataSet, type LabeledImages } from '../idx/data-set.js';
import { firstOfEachClass, takeRows } from './subset.js';

const root = join(import.meta.dirname, '../..');
const cache = resolve(process.argv[2] ?? join(root, '.memgeo/fashion-mnist'));
const perClass = { train: 500, test: 100 } as const;
const classNames = ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'];

const { version, folder, copyright } = fetchPackage('dataset-fashion-mnist', cache);
const full = join(folder, 'usr/share/datasets/fashion-mnist');
const train = subset('train');
const test = subset('test');

writeDataSet(join(root, 'data/fashion-mnist'), {
  description: {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST, a class-balanced subset',
    description:
      `${classNames.length} classes of clothes: of the 60,000 training and 10,000 test images the first ${perClass.train} and ${perClass.test} of each class, in the original order. `
      + 'indices.json has the original numbers, from 0.',
    classNames,
    height: 28,
    width: 28,
    channels: 1,
    train: train.indices.length,
    test: test.indices.length,
    licence: 'MIT; see LICENSE.',
    source: `Debian's package dataset-fashion-mnist ${version}, from https://github.com/zalandoresearch/fashion-mnist.`,
    build: 'npx tsx tools/fashion-mnist/build.ts',
    citation: 'H. Xiao, K. Rasul, R. Vollgraf. Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms. arXiv:1708.07747, 2017.',
  },
  train: train.images,
  test: test.images,
  extraFiles: {
    'indices.json': JSON.stringify({ train: train.indices, test: test.indices }) + '\n',
    LICENSE: licenceText(copyright),
  },
});
console.log(`${train.indices.length} training and ${test.indices.length} test images`);

function subset(split: 'train' | 'test'): { images: LabeledImages; indices: number[] } {
  const images = readIdxFile(join(full, idxFiles[split].images));
  const labels = readIdxFile(join(full, idxFiles[split].labels));
  const indices = firstOfEachClass(labels.data, { classCount: classNames.length, perClass: perClass[split] });
  return { images: { images: takeRows(images, indices), labels: takeRows(labels, indices) }, indices };
}

/** The licence with its copyright line, out of debian/copyright. */
function licenceText(text: string): string {
  const granted = /^License: Expat\n((?: .*\n?)+)/m.exec(text)?.[1];
  if (granted === undefined || !/^Copyright: 2017, Zalando SE/m.test(text)) {
    throw new Error('licenceText: debian/copyright must grant the MIT licence by Zalando SE; got another text. Read it.');
  }
  const body = granted.split('\n').map((line) => line.trim().replace(/^\.$/, '')).join('\n').trimEnd();
  return `The MIT License (MIT)\n\nCopyright (c) 2017 Zalando SE, https://tech.zalando.com\n\n${body}\n`;
}
