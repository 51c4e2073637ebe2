/**
 * Draws a data set as one PNG, a row per face and a column per class, to be looked at.
 *
 * Usage: npx tsx tools/glyphs/contact-sheet.ts <file.png> [train|test] [first face] [faces]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { readSplit } from '../idx/data-set.js';
import { classCount, imagePixels, imageSize } from './characters.js';

const [file, split = 'train', first = '0', count = '40'] = process.argv.slice(2);
if (file === undefined || (split !== 'train' && split !== 'test')) {
  throw new RangeError(`contact-sheet: arguments must be a file and train or test; got ${process.argv.slice(2).join(' ')}.`);
}
const { shape, data } = readSplit(join(import.meta.dirname, '../../data/glyphs'), split).images;
const firstFace = Number(first);
const rows = Math.min(Number(count), shape[0]! / classCount - firstFace);
const png = new PNG({ width: classCount * imageSize, height: rows * imageSize, colorType: 0 });
for (let row = 0; row < rows; row++) {
  for (let k = 0; k < classCount; k++) {
    const start = ((firstFace + row) * classCount + k) * imagePixels;
    for (let i = 0; i < imagePixels; i++) {
      const y = row * imageSize + Math.floor(i / imageSize);
      const x = k * imageSize + (i % imageSize);
      png.data.fill(data[start + i]!, 4 * (y * png.width + x), 4 * (y * png.width + x) + 3);
      png.data[4 * (y * png.width + x) + 3] = 255;
    }
  }
}
writeFileSync(file, PNG.sync.write(png, { colorType: 0 }));
