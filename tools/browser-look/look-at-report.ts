import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { lookAtAccessibility } from './accessibility.js';
import { lookAtColorChoice, lookAtKeys, lookAtTables, lookAtTooltip } from './controls.js';
import { lookAtExports } from './exports.js';
import { lookAtFigureText } from './figure-text.js';
import { takePicture, writePicture } from './layout.js';
import { openFolds, openGroups, openReport, type Look, type Window } from './open-report.js';
import { lookAtPaper, lookWithoutScript } from './paper.js';
import { lookAtReading } from './reading.js';

/** The windows through which a report is read. */
export const windows: readonly Window[] = [
  { width: 380, height: 800 }, { width: 1280, height: 900 }, { width: 1920, height: 1080 },
].flatMap((size) => (['light', 'dark'] as const).map((scheme) => ({ ...size, scheme })));

/** Looks at a report through one window and checks that it can be read; leaves a picture of it where a folder is named. */
export async function lookThrough(browser: Browser, file: string, window: Window, folder?: string): Promise<Look[]> {
  const report = await openReport(browser, file, window);
  if (folder !== undefined) await writeFile(join(folder, `${window.width}-${window.scheme}.png`), writePicture(await takePicture(report.tab)));
  await openFolds(report.tab);
  const looks = [...(await lookAtReading(report)), ...(await lookAtFigureText(report.tab)), await lookAtAccessibility(report.tab)];
  await report.close();
  return looks.map(({ title, problems }) => ({ title: `${window.width} px, ${window.scheme}: ${title}`, problems }));
}

/** Uses everything on a report that can be used, in one window. */
export async function useReport(browser: Browser, file: string, window: Window, folder: string): Promise<Look[]> {
  const saved = join(folder, 'saved');
  await mkdir(saved, { recursive: true });
  const report = await openReport(browser, file, window);
  const looks = [await lookAtColorChoice(report.tab)];
  await openGroups(report.tab);
  looks.push(await lookAtKeys(report.tab), await lookAtTooltip(report.tab), ...(await lookAtExports(report.tab, saved)), await lookAtTables(report.tab));
  looks.push({ title: 'using it leaves no errors and asks for nothing', problems: [...report.errors, ...report.requests.filter((request) => !request.endsWith('/index.html'))] });
  await report.close();
  const printed = await openReport(browser, file, window);
  looks.push(await lookAtPaper(printed.tab, folder));
  await printed.close();
  const plain = await openReport(browser, file, { ...window, hasScript: false });
  looks.push(await lookWithoutScript(plain.tab));
  await plain.close();
  return looks.map(({ title, problems }) => ({ title: `${window.width} px, ${window.scheme}: ${title}`, problems }));
}
