import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import type { Look } from './open-report.js';

/** A drawing has at least this many colors, edges smoothed; a blank one has one. */
const fewestColors = 8;

/** Checks that each figure can be saved, and that the files hold what they should. Folded groups must be open. */
export async function lookAtExports(tab: Page, folder: string): Promise<Look[]> {
  const found: { readonly [format in 'svg' | 'png' | 'csv']: string[] } = { svg: [], png: [], csv: [] };
  const figures = tab.locator('figure');
  const count = await figures.count();
  for (let i = 0; i < count; i++) {
    const figure = figures.nth(i);
    const name = (await figure.getAttribute('id')) ?? '';
    for (const format of ['svg', 'png', 'csv'] as const) {
      const file = await save(tab, i, format, folder);
      if (file === undefined) { found[format].push(`${name}: no file`); continue; }
      const bytes = await readFile(file);
      if (!file.endsWith(`${name}.${format}`)) found[format].push(`${name}: the file is called ${file}`);
      if (format === 'svg') found.svg.push(...(await svgProblems(tab, bytes.toString('utf8'))).map((problem) => `${name}: ${problem}`));
      if (format === 'png') found.png.push(...pngProblems(bytes).map((problem) => `${name}: ${problem}`));
      if (format === 'csv') {
        const rows = await figure.locator('.values tbody tr').count();
        const lines = countRecords(bytes.toString('utf8'));
        if (lines !== rows + 1 || rows === 0) found.csv.push(`${name}: ${lines} lines for ${rows} rows and a header`);
      }
    }
  }
  return (['svg', 'png', 'csv'] as const).map((format) => ({ title: `every figure can be saved as ${format.toUpperCase()} (${count})`, problems: found[format] }));
}

async function save(tab: Page, index: number, format: string, folder: string): Promise<string | undefined> {
  const button = tab.locator('figure').nth(index).locator(`[data-export="${format}"]`);
  if ((await button.count()) !== 1) return undefined;
  const download = tab.waitForEvent('download', { timeout: 8000 }).catch(() => undefined);
  await button.click();
  const file = await download;
  if (file === undefined) return undefined;
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return path;
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
