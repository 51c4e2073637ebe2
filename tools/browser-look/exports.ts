import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import type { Look } from './open-report.js';

/** A drawing has at least this many colors, edges smoothed; a blank one has one. */
const fewestColors = 8;

/** If a file is not there by then, it is not to come. */
const patienceMs = 6000;

/** Chromium drops what goes beyond ten files a second. */
const pauseMs = 100;

const formats = ['svg', 'png', 'csv'] as const;

/** Checks that each figure can be saved, and that the files hold what they should. Folded groups must be open. */
export async function lookAtExports(tab: Page, folder: string): Promise<Look[]> {
  const figures = await tab.evaluate<string[]>('[...document.querySelectorAll("figure")].map(({ id }) => id)');
  const files = await saveAll(tab, folder);
  const looks: Look[] = [];
  for (const format of formats) {
    const problems: string[] = [];
    for (const [index, id] of figures.entries()) {
      const file = files.get(`${id}.${format}`);
      const found = file === undefined ? ['no file'] : await problemsOf(await readFile(file), format, tab, index);
      problems.push(...found.map((problem) => `${id}: ${problem}`));
    }
    looks.push({ title: `every figure can be saved as ${format.toUpperCase()} (${figures.length})`, problems });
  }
  return looks;
}

/** Clicks one button after the other, each when the file of the last is there: paths by name. */
async function saveAll(tab: Page, folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  tab.on('download', async (download) => {
    const [name, path] = [download.suggestedFilename(), join(folder, download.suggestedFilename())];
    await download.saveAs(path);
    files.set(name, path);
  });
  const buttons = tab.locator('figure [data-export]');
  for (let i = 0; i < (await buttons.count()); i++) {
    const before = files.size;
    await buttons.nth(i).click();
    for (const end = Date.now() + patienceMs; files.size === before && Date.now() < end;) await tab.waitForTimeout(20);
    // Where one gives no file, the others give none either, and each would have to be waited for.
    if (files.size === before) break;
    await tab.waitForTimeout(pauseMs);
  }
  return files;
}

async function problemsOf(bytes: Buffer, format: (typeof formats)[number], tab: Page, index: number): Promise<string[]> {
  if (format === 'svg') return svgProblems(tab, bytes.toString('utf8'));
  if (format === 'png') return pngProblems(bytes);
  const rows = await tab.locator('figure').nth(index).locator('.values tbody tr').count();
  const records = countRecords(bytes.toString('utf8'));
  return records === rows + 1 && rows > 0 ? [] : [`${records} lines for ${rows} rows and a header`];
}

async function svgProblems(tab: Page, text: string): Promise<string[]> {
  return tab.evaluate<string[]>(`((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    if (parsed.querySelector('parsererror') !== null) return ['not well-formed'];
    const wrong = [];
    if (parsed.documentElement.namespaceURI !== 'http://www.w3.org/2000/svg' || parsed.documentElement.localName !== 'svg') wrong.push('no svg');
    if (parsed.querySelectorAll('svg svg').length === 0) wrong.push('no panel');
    if (/NaN|undefined/.test(text)) wrong.push('NaN or undefined');
    if (/(href|src)="(?!data:)/.test(text)) wrong.push('it needs another file');
    return wrong;
  })(${JSON.stringify(text)})`);
}

function pngProblems(bytes: Buffer): string[] {
  if (bytes.subarray(0, 8).toString('hex') !== '89504e470d0a1a0a') return ['no PNG'];
  const { width, height, data } = PNG.sync.read(bytes);
  const colors = new Set<number>();
  for (let at = 0; at < data.length && colors.size < fewestColors; at += 4) colors.add(data.readUInt32BE(at));
  return [...(colors.size < fewestColors ? [`${colors.size} colors only`] : []), ...(Math.min(width, height) < 400 ? [`${width} x ${height} pixels are not twice a panel`] : [])];
}

/** Records of a CSV file; line ends inside quotes are not counted. */
function countRecords(csv: string): number {
  return csv.replace(/"(?:[^"]|"")*"/g, '').split('\n').length - 1;
}
