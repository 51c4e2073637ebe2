import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { openGroups, openReport, type Look } from './open-report.js';

/** Side of a block, in pixels. */
const block = 16;

/** A block has changed if its mean gray moves by more than this, of 255. Other smoothing of the same letters moves it by 3 to 5. */
const grayTolerance = 14;

/** Share of blocks that may change: letters that lie half a pixel elsewhere change some; a line of text that moves, or a figure, many more. */
export const mostChanged = 0.004;

/** Chromium paints at most this much at once. */
const stripHeight = 4096;

const referenceFolder = join(import.meta.dirname, 'references');

/** Compares the layout of a report of fixed rows at one width with the committed one; letters are of one font, whatever the system's. */
export async function lookAtFixedLayout(browser: Browser, file: string, { width, height, folder, isUpdate }: { width: number; height: number; folder: string; isUpdate: boolean }): Promise<Look> {
  const { tab, close } = await openReport(browser, file, { width, height, scheme: 'light' });
  await tab.addStyleTag({ content: '* { font-family: "DejaVu Sans" !important; }' });
  await openGroups(tab);
  const look = await lookAtLayout(await takePicture(tab), `report-${width}`, { folder, isUpdate });
  await close();
  return look;
}

/** Takes the whole page, in strips, since a long one is more than Chromium paints at once. */
export async function takePicture(tab: Page): Promise<PNG> {
  const [width, height] = await tab.evaluate<[number, number]>('[document.documentElement.clientWidth, document.documentElement.scrollHeight]');
  const picture = new PNG({ width, height });
  for (let y = 0; y < height; y += stripHeight) {
    const strip = PNG.sync.read(await tab.screenshot({ fullPage: true, clip: { x: 0, y, width, height: Math.min(stripHeight, height - y) }, animations: 'disabled' }));
    PNG.bitblt(strip, picture, 0, 0, Math.min(width, strip.width), strip.height, 0, y);
  }
  return picture;
}

/** Encodes a picture as PNG, quickly rather than small. */
export function writePicture(picture: PNG): Buffer {
  return PNG.sync.write(picture, { colorType: 2, deflateLevel: 1, filterType: 2 });
}

/** The mean gray of each block of a picture, as a picture with a pixel per block. */
export function reduceToBlocks({ width, height, data }: PNG): PNG {
  const blocks = new PNG({ width: Math.floor(width / block), height: Math.floor(height / block) });
  for (let row = 0; row < blocks.height; row++) {
    for (let column = 0; column < blocks.width; column++) {
      let sum = 0;
      for (let y = row * block; y < (row + 1) * block; y++) {
        for (let x = column * block; x < (column + 1) * block; x++) {
          const at = 4 * (y * width + x);
          sum += 0.2126 * data[at]! + 0.7152 * data[at + 1]! + 0.0722 * data[at + 2]!;
        }
      }
      blocks.data.fill(Math.round(sum / block ** 2), 4 * (row * blocks.width + column), 4 * (row * blocks.width + column) + 3);
      blocks.data[4 * (row * blocks.width + column) + 3] = 255;
    }
  }
  return blocks;
}

/** Blocks that differ between two reductions, by index; undefined if they are not of one size. */
export function changedBlocks(now: PNG, reference: PNG): number[] | undefined {
  if (now.width !== reference.width || Math.abs(now.height - reference.height) > 1) return undefined;
  return Array.from({ length: now.width * Math.min(now.height, reference.height) }, (_, index) => index).filter((index) => Math.abs(now.data[4 * index]! - reference.data[4 * index]!) > grayTolerance);
}

/**
 * Compares a picture with the committed one of its name, block by block.
 *
 * On a mismatch the picture is left as NAME-changed.png in the folder, with the blocks that changed in red.
 *
 * @param options.isUpdate  Writes the reference anew instead.
 */
export async function lookAtLayout(picture: PNG, name: string, { folder, isUpdate }: { folder: string; isUpdate: boolean }): Promise<Look> {
  const title = `the layout is as before: ${name}`;
  const path = join(referenceFolder, `${name}.png`);
  const changedPath = join(folder, `${name}-changed.png`);
  const blocks = reduceToBlocks(picture);
  await rm(changedPath, { force: true });
  if (isUpdate) {
    await mkdir(referenceFolder, { recursive: true });
    await writeFile(path, PNG.sync.write(blocks, { colorType: 0 }));
    return { title: `${title} (written anew)`, problems: [] };
  }
  if (!existsSync(path)) return { title, problems: [`${path} must be committed; there is none. Look at the page, then run with --update.`] };
  const reference = PNG.sync.read(await readFile(path));
  const changed = changedBlocks(blocks, reference);
  const total = blocks.width * blocks.height;
  if (changed !== undefined && changed.length <= mostChanged * total) return { title: `${title} (${changed.length} of ${total} blocks changed)`, problems: [] };
  await writeFile(changedPath, writePicture(markBlocks(picture, changed ?? [], blocks.width)));
  const what = changed === undefined ? `the page is ${blocks.width} x ${blocks.height} blocks instead of ${reference.width} x ${reference.height}` : `${changed.length} of ${total} blocks changed, the first ${block * Math.floor(changed[0]! / blocks.width)} px from the top`;
  return { title, problems: [`${what}; see ${changedPath}. If it is meant, run with --update.`] };
}

function markBlocks(picture: PNG, changed: readonly number[], columns: number): PNG {
  for (const index of changed) {
    const [top, left] = [block * Math.floor(index / columns), block * (index % columns)];
    for (let y = top; y < top + block; y++) for (let x = left; x < left + block; x++) for (const channel of [1, 2]) picture.data[4 * (y * picture.width + x) + channel]! >>= 1;
  }
  return picture;
}
