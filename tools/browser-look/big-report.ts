import { stat } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { openReport, type Look } from './open-report.js';

const mostBytes = 10_000_000;
const mostLoadMs = 2000;

/** Checks that a large report stays light: its size, and the time until it is loaded and laid out, the best of three. */
export async function lookAtWeight(browser: Browser, file: string): Promise<Look[]> {
  const { size } = await stat(file);
  const times: number[] = [];
  let rows = 0;
  for (let i = 0; i < 3; i++) {
    const { tab, close } = await openReport(browser, file, { width: 1280, height: 900, scheme: 'light' });
    times.push(await tab.evaluate<number>('performance.getEntriesByType("navigation")[0].loadEventEnd'));
    if (i === 0) {
      await tab.locator('figure .values > summary').nth(1).click();
      rows = await tab.locator('figure .values tbody tr').count();
    }
    await close();
  }
  const best = Math.min(...times);
  return [
    { title: `a large report is light (${(size / 1e6).toFixed(1)} MB)`, problems: size < mostBytes ? [] : [`${size} bytes are more than ${mostBytes}`] },
    { title: `a large report loads in time (${Math.round(best)} ms)`, problems: best < mostLoadMs ? [] : [`${times.map(Math.round).join(', ')} ms are more than ${mostLoadMs}`] },
    { title: `a large table is made when it is opened (${rows} rows)`, problems: rows > 200 ? [] : [`${rows} rows`] },
  ];
}
