/**
 * Opens a report in Chromium as readers will, narrow and wide, light and dark, and checks that it can be read and used.
 *
 * Usage: tsx tools/browser-look.ts REPORT_FOLDER OUT_FOLDER [--update]
 *
 * Then does so with a report of fixed rows, whose layout is compared with tools/browser-look/references, and weighs a
 * large one. Pictures and whatever was saved lie in OUT_FOLDER; --update writes the references anew.
 * Takes the Chromium of the system: /usr/bin/chromium, or the program that CHROMIUM names.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { lookAtWeight } from './browser-look/big-report.js';
import { writeFixtures } from './browser-look/fixtures.js';
import { lookAtFixedLayout } from './browser-look/layout.js';
import { lookThrough, useReport, windows } from './browser-look/look-at-report.js';
import { startBrowser, type Look } from './browser-look/open-report.js';

const { values: { update: isUpdate }, positionals: [reportFolder, outFolder] } = parseArgs({ allowPositionals: true, options: { update: { type: 'boolean', default: false } } });
if (reportFolder === undefined || outFolder === undefined) fail('browser-look: two folders must be named: browser-look.ts REPORT_FOLDER OUT_FOLDER.');
const page = resolve(reportFolder, 'index.html');
if (!existsSync(page)) fail(`browser-look: REPORT_FOLDER must hold index.html; there is none in ${reportFolder}.`);

await mkdir(outFolder, { recursive: true });
const { fixed, big } = writeFixtures(outFolder);
const browser = await startBrowser();
const looks: Look[] = [];
try {
  for (const window of windows) report(await lookThrough(browser, page, window, outFolder));
  report(await useReport(browser, page, { width: 1280, height: 900, scheme: 'dark' }, outFolder));
  report(await useReport(browser, fixed, { width: 380, height: 800, scheme: 'light' }, join(outFolder, 'fixed')));
  for (const { width, height } of windows.filter(({ scheme }) => scheme === 'light')) report([await lookAtFixedLayout(browser, fixed, { width, height, folder: join(outFolder, 'fixed'), isUpdate })]);
  report(await lookAtWeight(browser, big));
} finally {
  await browser.close();
}
const failed = looks.filter((one) => one.problems.length > 0).length;
console.log(`Checks: ${looks.length - failed} passed, ${failed} failed, ${looks.length} total`);
process.exitCode = failed === 0 ? 0 : 1;

function report(found: readonly Look[]): void {
  looks.push(...found);
  for (const { title, problems } of found) console.log(problems.length === 0 ? `ok    ${title}` : `FAIL  ${title}: ${problems.slice(0, 5).join('; ')}${problems.length > 5 ? `; and ${problems.length - 5} more` : ''}`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
