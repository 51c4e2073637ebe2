import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { PNG } from 'pngjs';
import { writeFixtures } from '../../browser-look/fixtures.js';
import { changedBlocks, mostChanged, reduceToBlocks, takePicture } from '../../browser-look/layout.js';
import { lookAtColorChoice, lookAtKeys, lookAtTables, lookAtTooltip } from '../../browser-look/controls.js';
import { lookAtExports } from '../../browser-look/exports.js';
import { lookThrough, useReport } from '../../browser-look/look-at-report.js';
import { openReport, startBrowser, type Look } from '../../browser-look/open-report.js';
import { lookAtPaper, lookWithoutScript } from '../../browser-look/paper.js';

const window = { width: 1280, height: 900, scheme: 'light' } as const;
let folder: string;
let browser: Browser;
let html: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memgeo-look-'));
  html = await readFile(writeFixtures(folder).small, 'utf8');
  browser = await startBrowser();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

async function write(page: string): Promise<string> {
  const file = join(folder, 'index.html');
  await writeFile(file, page);
  return file;
}

/** Replaces the first match, which must be there: a breakage that breaks nothing proves nothing. */
function replace(page: string, found: string | RegExp, by: string): string {
  const changed = page.replace(found, () => by);
  if (changed === page) throw new Error(`${found} must be in the page.`);
  return changed;
}

const inBody = (content: string) => (page: string) => replace(page, '</main>', `${content}</main>`);
const inStyle = (rules: string) => (page: string) => replace(page, '</style>', `${rules} </style>`);
/** Changes the script; the policy, which allows only the right one, goes with it. */
const inScript = (found: string, by: string) => (page: string) => replace(replace(page, /<meta http-equiv="Content-Security-Policy"[^>]*>/, ''), found, by);
const failing = (looks: readonly Look[]): string[] => looks.filter(({ problems }) => problems.length > 0).map(({ title, problems }) => `${title}: ${problems.join('; ')}`);

test('a report that is whole passes', async () => {
  const file = await write(html);
  expect(failing([...(await lookThrough(browser, file, window)), ...(await useReport(browser, file, window, folder))])).toEqual([]);
});

test.each<[string, (page: string) => string, RegExp]>([
  ['a script that the policy forbids', inBody('<script>1</script>'), /no errors on the console/],
  ['a picture from elsewhere', (page) => inBody('<img alt="" src="elsewhere.png">')(replace(page, /<meta http-equiv="Content-Security-Policy"[^>]*>/, '')), /nothing is requested/],
  ['a box wider than the window', inBody('<div style="width: 3000px">wide</div>'), /no element leaves the window/],
  ['text cut by its box', inBody('<p style="width: 3rem; overflow: hidden; white-space: nowrap">a long line of text</p>'), /no element leaves the window/],
  ['a cell that runs into the next', inStyle('.criteria .verdict { white-space: nowrap; letter-spacing: 1em; }'), /td\.? is cut/],
  ['faint text', inStyle('body { color: #8a8a8a; }'), /text stands out/],
  ['faint lines', inStyle('.line path { stroke: #dddddd; }'), /lines and dots stand out/],
  ['panels without marks', inStyle('.line, .dot, .cell, .panels image { display: none; }'), /every panel has text/],
  ['no panels', (page) => page.replaceAll(/<div class="panels[^>]*>/g, '<div>'), /there are panels/],
  ['small text in figures', inStyle('.panels text { font-size: 5px; }'), /8 px or larger/],
  ['text that leaves its figure', inStyle('.panels text { transform: translateX(-90px); }'), /cut by its edge/],
  ['texts on each other', inStyle('.panels text { font-size: 26px; }'), /lie on each other/],
  ['headings that skip a level', (page) => page.replaceAll(/<(\/?)h3/g, '<$1h5'), /headings are in order/],
  ['a link that leads nowhere', inBody('<a href="#nowhere">there</a>'), /headings are in order/],
  ['a button without a name', inBody('<button></button>'), /axe finds no violation.*button-name/],
])('reading fails on %s', async (_, breakPage, expected) => {
  expect(failing(await lookThrough(browser, await write(breakPage(html)), window)).join('\n')).toMatch(expected);
});

type Check = (tab: Page, folder: string) => Promise<Look | readonly Look[]>;

test.each<[string, (page: string) => string, Check, RegExp]>([
  ['a row that is missing from a table', (page) => replace(page, /<tbody><tr><td>.*?<\/tr>/s, '<tbody>'), lookAtTables, /with a row per mark/],
  ['keys that do nothing', inScript("addEventListener('keydown'", "addEventListener('nothing'"), lookAtKeys, /keys move/],
  ['a focus that does not show', inStyle(':focus-visible { outline: none !important; }'), lookAtKeys, /has no ring/],
  ['a tooltip that stays hidden', inScript('tooltip.hidden = mark === null', 'tooltip.hidden = true'), lookAtTooltip, /no tooltip/],
  ['a choice of colors that is forgotten', inScript('rememberScheme(root.dataset.scheme);', ''), lookAtColorChoice, /does not remember/],
  ['an SVG that is no XML', inScript('new XMLSerializer().serializeToString(svg)', "'<svg'"), lookAtExports, /saved as SVG.*not well-formed/],
  ['a PNG that is blank', inScript('drawImage(image, 0, 0, canvas.width, canvas.height)', 'fillRect(0, 0, canvas.width, canvas.height)'), lookAtExports, /saved as PNG.*1 colors only/],
  ['a CSV that lacks a row', inScript('[...filledTable(figure).rows]', '[...filledTable(figure).rows].slice(1)'), lookAtExports, /saved as CSV.*lines for/],
  ['print without figures', inStyle('@media print { figure { display: none !important; } }'), lookAtPaper, /panels are not printed/],
  ['dark print', inStyle('@media print { body { background: #000 !important; } }'), lookAtPaper, /ground is not white/],
])('use fails on %s', async (_, breakPage, check, expected) => {
  const { tab, close } = await openReport(browser, await write(breakPage(html)), window);
  expect(failing([await check(tab, folder)].flat()).join('\n')).toMatch(expected);
  await close();
});

test('use fails on an error of the script', async () => {
  expect(failing(await useReport(browser, await write(inScript('startReading();', 'startNothing();')(html)), window, folder)).join('\n')).toMatch(/leaves no errors.*startNothing/);
});

test('the page without its script fails if controls show that do nothing', async () => {
  const { tab, close } = await openReport(browser, await write(inStyle('.script-only { display: block !important; }')(html)), { ...window, hasScript: false });
  expect(failing([await lookWithoutScript(tab)]).join('\n')).toMatch(/controls that do nothing/);
  await close();
});

describe('the layout', () => {
  let before: PNG;
  const picture = async (rules: string): Promise<PNG> => {
    const { tab, close } = await openReport(browser, await write(inStyle(rules)(html)), window);
    const taken = await takePicture(tab);
    await close();
    return reduceToBlocks(taken);
  };
  const share = async (rules: string): Promise<number> => {
    const changed = changedBlocks(await picture(rules), before);
    return changed === undefined ? 1 : changed.length / (before.width * before.height);
  };

  beforeAll(async () => { before = await picture(''); }, 60_000);

  test('passes when letters are smoothed otherwise', async () => {
    expect(await share('body { filter: blur(0.3px); }')).toBeLessThanOrEqual(mostChanged);
  });

  test.each([
    ['a figure moves', '#accuracy-by-epoch .panels { transform: translate(24px, 16px); }'],
    ['a figure vanishes', '#accuracy-by-epoch .panels { visibility: hidden; }'],
    ['a line of text is gone', 'header .question { display: none; }'],
    ['the contents move to the other side', '.contents { order: 2; }'],
  ])('fails when %s', async (_, rules) => {
    expect(await share(rules)).toBeGreaterThan(mostChanged);
  });
});
