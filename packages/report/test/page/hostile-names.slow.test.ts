import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { chromium } from 'playwright-core';
import { composeReport } from '../../src/index.js';
import { hostileNames, hostileReport } from '../hostile-report.js';
import { fiveNames } from './any-names.js';
import { findStrangers, namesInPlaces } from './find-strangers.js';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

test('each hostile name, in every place, adds nothing to the page', () => {
  for (const name of hostileNames) expect({ name, problems: findStrangers(() => name).problems }).toEqual({ name, problems: [] });
});

test('60 times five names of any characters stay text', () => {
  fc.assert(fc.property(fiveNames, (names) => {
    expect(findStrangers(namesInPlaces(names)).problems).toEqual([]);
  }), { numRuns: 60, seed: 14 });
}, 600_000);

(existsSync(executablePath) ? test : test.skip)('a browser that opens, reads and saves a report of hostile names runs nothing of theirs and finds no element that ordinary names have not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'memgeo-hostile-'));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const look = async (name: (place: string) => string, file: string): Promise<{ elements: { [name: string]: number }; handlers: number; events: string[] }> => {
      const { sources, options } = hostileReport(name);
      const { page, figures } = composeReport(sources, options);
      const events: string[] = [];
      const tab = await browser.newPage();
      tab.on('dialog', (dialog) => { events.push(`dialog ${dialog.message()}`); void dialog.dismiss(); });
      tab.on('pageerror', (error) => events.push(`error ${error.message}`));
      tab.on('console', (message) => { if (message.type() === 'error') events.push(`console ${message.text()}`); });
      const own = [pathToFileURL(join(folder, `${file}.html`)).href, ...[...figures.keys()].map((figure) => pathToFileURL(join(folder, `${file}-${figure}.svg`)).href)];
      tab.on('request', (request) => { if (!own.includes(request.url()) && !/^(data|blob):/.test(request.url())) events.push(`request ${request.url()}`); });
      for (const [figure, svg] of figures) {
        await writeFile(join(folder, `${file}-${figure}.svg`), svg);
        await tab.goto(pathToFileURL(join(folder, `${file}-${figure}.svg`)).href);
        if (!(await tab.evaluate<boolean>('document.documentElement.localName === "svg" && document.querySelector("parsererror, script, foreignObject") === null'))) events.push(`${figure}.svg is no drawing`);
      }
      // Without the policy of the page, nothing but the escaping stands between a name and the browser.
      await writeFile(join(folder, `${file}.html`), page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''));
      await tab.goto(own[0]!);
      await tab.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
      await tab.waitForTimeout(200);
      for (const mark of (await tab.locator('[data-series]').all()).slice(0, 5)) await mark.hover({ force: true, timeout: 2000 }).catch(() => undefined);
      for (const button of (await tab.locator('[data-export="svg"], [data-export="csv"]').all()).slice(0, 6)) await button.click();
      for (const link of (await tab.locator('.made-from a').all()).slice(0, 4)) await link.click();
      await tab.waitForTimeout(200);
      const elements = await tab.evaluate<{ [name: string]: number }>('Object.fromEntries([...document.querySelectorAll("*")].map(({ localName }) => localName).sort().map((name) => [name, document.getElementsByTagName(name).length]))');
      const handlers = await tab.evaluate<number>('[...document.querySelectorAll("*")].filter((element) => [...element.attributes].some(({ name }) => name.startsWith("on"))).length');
      await tab.close();
      return { elements, handlers, events };
    };
    const calm = await look((place) => place, 'calm');
    expect(calm).toMatchObject({ handlers: 0, events: [] });
    for (const [index, names] of [[hostileNames.join(' ')], hostileNames, [...hostileNames].reverse()].entries()) {
      const { elements, handlers, events } = await look(namesInPlaces(names), `hostile-${index}`);
      expect({ handlers, events }).toEqual({ handlers: 0, events: [] });
      expect(Object.keys(elements).filter((name) => !Object.hasOwn(calm.elements, name))).toEqual([]);
      expect({ script: elements.script, style: elements.style, figure: elements.figure, svg: elements.svg, image: elements.image }).toEqual({ script: calm.elements.script, style: calm.elements.style, figure: calm.elements.figure, svg: calm.elements.svg, image: calm.elements.image });
    }
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
});
