import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Look } from './open-report.js';

/** A page of text and figures takes more than this; an empty one about 1 kB. */
const leastBytes = 20_000;

/** Checks the page as printed: light, without controls, folded figures open, and a PDF that has something in it. */
export async function lookAtPaper(tab: Page, folder: string): Promise<Look> {
  await tab.emulateMedia({ media: 'print' });
  await tab.evaluate('dispatchEvent(new Event("beforeprint"))');
  const problems = await tab.evaluate<string[]>(`(() => {
    const wrong = [];
    const shows = (element) => element.getClientRects().length > 0;
    if (getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)') wrong.push('the ground is not white');
    if ([...document.querySelectorAll('button, nav, .skip, .values')].some(shows)) wrong.push('controls are printed');
    const missing = [...document.querySelectorAll('figure svg')].filter((svg) => !shows(svg)).length;
    if (missing > 0) wrong.push(missing + ' panels are not printed');
    if ([...document.querySelectorAll('.panels > div')].some((panel) => getComputedStyle(panel).breakInside !== 'avoid')) wrong.push('a panel may break across pages');
    return wrong;
  })()`);
  const pdf = await tab.pdf({ format: 'A4', printBackground: true });
  await writeFile(join(folder, 'printed.pdf'), pdf);
  await tab.evaluate('dispatchEvent(new Event("afterprint"))');
  await tab.emulateMedia({ media: null });
  if (pdf.subarray(0, 5).toString() !== '%PDF-' || pdf.length < leastBytes) problems.push(`the PDF has ${pdf.length} bytes`);
  return { title: `the page prints (PDF of ${Math.round(pdf.length / 1000)} kB)`, problems };
}

/** Checks the page without its script: everything shows but what needs it, and long tables say where their values are. */
export async function lookWithoutScript(tab: Page): Promise<Look> {
  const problems = await tab.evaluate<string[]>(`(() => {
    const wrong = [];
    if ([...document.querySelectorAll('.script-only')].some((element) => element.getClientRects().length > 0)) wrong.push('controls that do nothing show');
    if (document.querySelector('.contents details')?.open !== true) wrong.push('the contents are folded');
    if (document.querySelectorAll('figure svg').length === 0) wrong.push('no figures');
    for (const values of document.querySelectorAll('.values')) if (values.querySelectorAll('tbody tr').length === 0 && values.querySelector('noscript') === null) wrong.push(values.closest('figure').id + ': no values and no word of where they are');
    return wrong;
  })()`);
  return { title: 'without its script the page can be read', problems };
}
