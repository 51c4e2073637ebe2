import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomStream } from '@memgeo/numerics';
import jpeg from 'jpeg-js';

/** Small data sets in the file formats of large ones: classes are colored waves, examples of a class differ by their phases and by noise. */
export type FixtureSize = { readonly trainPerClass: number; readonly testPerClass: number; readonly seed: number };

/** The binary version of CIFAR-100: a coarse and a fine label, then 1024 red, green and blue pixels. */
export async function writeCifar100(folder: string, { trainPerClass, testPerClass, seed }: FixtureSize): Promise<void> {
  const classes = 100;
  await mkdir(folder, { recursive: true });
  for (const [split, perClass] of [['train', trainPerClass], ['test', testPerClass]] as const) {
    const records = Array.from({ length: classes * perClass }, (_, i) => {
      const label = i % classes;
      const pixels = waves(label, { side: 32, seed, example: `${split} ${i}` });
      const planes = [0, 1, 2].map((channel) => Uint8Array.from({ length: 1024 }, (_, p) => pixels[3 * p + channel]!));
      return Buffer.concat([Buffer.from([Math.floor(label / 5), label]), ...planes]);
    });
    await writeFile(join(folder, `${split}.bin`), Buffer.concat(records));
  }
  await writeFile(join(folder, 'fine_label_names.txt'), Array.from({ length: classes }, (_, i) => `class_${i}\n`).join(''));
  await writeFile(join(folder, 'coarse_label_names.txt'), Array.from({ length: 20 }, (_, i) => `group_${i}\n`).join(''));
}

/** Tiny ImageNet's folders of JPEG images: train/CLASS/images, and val/images with val_annotations.txt. */
export async function writeTinyImageNet(folder: string, { trainPerClass, testPerClass, seed }: FixtureSize): Promise<void> {
  const names = Array.from({ length: 200 }, (_, i) => `n${String(1_000_000 + i).padStart(8, '0')}`);
  const annotations: string[] = [];
  await mkdir(join(folder, 'val', 'images'), { recursive: true });
  for (const [label, name] of names.entries()) {
    await mkdir(join(folder, 'train', name, 'images'), { recursive: true });
    for (let i = 0; i < trainPerClass; i++) await writeFile(join(folder, 'train', name, 'images', `${name}_${i}.JPEG`), encode(waves(label, { side: 64, seed, example: `train ${i}` })));
    for (let i = 0; i < testPerClass; i++) {
      const file = `val_${label * testPerClass + i}.JPEG`;
      await writeFile(join(folder, 'val', 'images', file), encode(waves(label, { side: 64, seed, example: `val ${i}` })));
      annotations.push(`${file}\t${name}\t0\t0\t63\t63\n`);
    }
  }
  await writeFile(join(folder, 'val', 'val_annotations.txt'), annotations.join(''));
}

/** Red, green and blue of each pixel, shape (side, side, 3). */
function waves(label: number, { side, seed, example }: { side: number; seed: number; example: string }): Uint8Array {
  const ofClass = randomStream(seed, 'waves', label);
  const ofExample = randomStream(seed, 'waves', label, example);
  const components = Array.from({ length: 9 }, (_, i) => ({
    channel: i % 3, x: 1 + 4 * ofClass.nextUniform(), y: 1 + 4 * ofClass.nextUniform(), phase: 2 * Math.PI * ofClass.nextUniform() + 1.5 * ofExample.nextUniform(),
  }));
  const pixels = new Uint8Array(side * side * 3);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      for (let channel = 0; channel < 3; channel++) {
        let value = 128 + 30 * (ofExample.nextUniform() - 0.5);
        for (const wave of components) if (wave.channel === channel) value += 30 * Math.sin((2 * Math.PI * (wave.x * column + wave.y * row)) / side + wave.phase);
        pixels[(row * side + column) * 3 + channel] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
  return pixels;
}

function encode(pixels: Uint8Array): Buffer {
  const side = Math.sqrt(pixels.length / 3);
  const data = Buffer.alloc(side * side * 4, 255);
  for (let p = 0; p < side * side; p++) data.set(pixels.subarray(3 * p, 3 * p + 3), 4 * p);
  return jpeg.encode({ data, width: side, height: side }, 90).data;
}
