/**
 * Opens a report in Chromium as readers will, wide and narrow, light and dark, and checks that it can be read.
 *
 * Usage: node --conditions=@memgeo/source --import tsx tools/browser-look.ts REPORT_FOLDER OUT_FOLDER
 *
 * Takes the Chromium of the system: /usr/bin/chromium, or the program that CHROMIUM names.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';

const sizes = [{ name: 'wide', width: 1440, height: 900 }, { name: 'narrow', width: 390, height: 844 }] as const;
const schemes = ['light', 'dark'] as const;

/** What one look found wrong, in words; empty is good. */
type Look = { readonly title: string; readonly problems: readonly string[] };

/** What a figure shows, as measured in the browser. */
type SeenFigure = { readonly name: string; readonly texts: number; readonly marks: number; readonly smallestText: number; readonly isBroken: boolean };

/** Runs in the browser: counts the texts and the visible strokes and images of each panel. */
const figuresScript = `[...document.querySelectorAll('figure .panels svg')].map((svg) => {
  const shows = (element) => { const box = element.getBoundingClientRect(); return box.width > 1 || box.height > 1; };
  const drawn = (element) => { const style = getComputedStyle(element); return style.visibility === 'visible' && ((style.stroke !== 'none' && parseFloat(style.strokeOpacity) > 0) || (style.fill !== 'none' && parseFloat(style.fillOpacity) > 0)); };
  const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '' && shows(text));
  const marks = [...svg.querySelectorAll('image, [aria-label="line"] path, [aria-label="dot"] circle, [aria-label="cell"] rect')].filter((mark) => shows(mark) && (mark.tagName === 'image' || drawn(mark)));
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const isBroken = svg.innerHTML.includes('NaN') || svg.innerHTML.includes('undefined');
  const name = svg.closest('figure').id + ' / ' + (svg.getAttribute('aria-label') ?? '').split('. ')[0];
  return { name, texts: texts.length, marks: marks.length, smallestText: scale * Math.min(...texts.map((text) => parseFloat(getComputedStyle(text).fontSize))), isBroken };
})`;

/** Runs in the browser: the contrast of the body's text against its ground, as WCAG defines it. */
const contrastScript = `(() => {
  const luminance = (color) => { const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const style = getComputedStyle(document.body);
  const [a, b] = [luminance(style.color), luminance(style.backgroundColor)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
})()`;

const [reportFolder, outFolder] = process.argv.slice(2);
if (reportFolder === undefined || outFolder === undefined) fail('browser-look: two folders must be named: browser-look.ts REPORT_FOLDER OUT_FOLDER.');
const page = resolve(reportFolder, 'index.html');
if (!existsSync(page)) fail(`browser-look: REPORT_FOLDER must hold index.html; there is none in ${reportFolder}.`);
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) fail(`browser-look: ${executablePath} must be Chromium; there is no such file. Install it (apt-get install chromium) or name another in CHROMIUM.`);

mkdirSync(outFolder, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const looks: Look[] = [];
try {
  for (const size of sizes) for (const scheme of schemes) looks.push(...(await look(browser, size, scheme, outFolder)));
} finally {
  await browser.close();
}
for (const { title, problems } of looks) console.log(problems.length === 0 ? `ok    ${title}` : `FAIL  ${title}: ${problems.slice(0, 5).join('; ')}`);
const failed = looks.filter((one) => one.problems.length > 0).length;
console.log(`Checks: ${looks.length - failed} passed, ${failed} failed, ${looks.length} total`);
process.exitCode = failed === 0 ? 0 : 1;

/** Opens the page once and collects what is wrong with it. */
async function look(browser: Browser, size: (typeof sizes)[number], scheme: (typeof schemes)[number], out: string): Promise<Look[]> {
  const context = await browser.newContext({ viewport: { width: size.width, height: size.height }, colorScheme: scheme });
  const tab = await context.newPage();
  const consoleErrors: string[] = [];
  const requests: string[] = [];
  tab.on('console', (message) => { if (message.type() === 'error') consoleErrors.push(message.text()); });
  tab.on('pageerror', (error) => consoleErrors.push(error.message));
  tab.on('request', (request) => { if (!/^(file|data):/.test(request.url()) || (request.url().startsWith('file:') && !request.url().endsWith('/index.html'))) requests.push(request.url()); });
  await tab.goto(pathToFileURL(page).href);
  await tab.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
  const overflow = await overflowing(tab);
  const figures = await tab.evaluate<SeenFigure[]>(figuresScript);
  const contrast = await tab.evaluate<number>(contrastScript);
  await tab.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = false; })');
  await tab.screenshot({ path: join(out, `${size.name}-${scheme}.png`), fullPage: true });
  await context.close();
  const name = `${size.name}, ${scheme}`;
  return [
    { title: `${name}: no errors on the console`, problems: consoleErrors },
    { title: `${name}: nothing is requested beside the page`, problems: requests },
    { title: `${name}: the page needs no horizontal scrolling`, problems: overflow },
    { title: `${name}: text stands out from the ground (contrast ${contrast.toFixed(1)})`, problems: contrast >= 7 ? [] : [`contrast ${contrast.toFixed(1)} is below 7`] },
    { title: `${name}: there are figures (${figures.length})`, problems: figures.length > 0 ? [] : ['no figure'] },
    { title: `${name}: every panel has text, and lines, cells or images that show`, problems: figures.filter((figure) => figure.texts === 0 || figure.marks === 0 || figure.isBroken).map((figure) => figure.name) },
    { title: `${name}: text in figures is 8 px or larger`, problems: figures.filter((figure) => figure.smallestText < 8).map((figure) => `${figure.name} has ${figure.smallestText.toFixed(1)} px`) },
  ];
}

/** Elements that make the page wider than the window; what scrolls inside a box of its own does not count. */
async function overflowing(tab: Page): Promise<string[]> {
  return tab.evaluate<string[]>(`(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.querySelectorAll('body *')].filter((element) => !element.closest('.scroll') && element.getBoundingClientRect().right > width + 1);
    return ['the page is ' + document.documentElement.scrollWidth + ' px wide in ' + width, ...wide.slice(0, 4).map((element) => element.tagName.toLowerCase() + '.' + (element.getAttribute('class') ?? ''))];
  })()`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
