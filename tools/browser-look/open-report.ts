import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';

/** What one look found wrong, in words; empty is good. */
export type Look = { readonly title: string; readonly problems: readonly string[] };

/** A window to look through. */
export type Window = { readonly width: number; readonly height: number; readonly scheme: 'light' | 'dark'; readonly hasScript?: boolean };

/** A report in a tab, and what it complained about and asked for so far. */
export type OpenReport = { readonly tab: Page; readonly errors: readonly string[]; readonly requests: readonly string[]; readonly close: () => Promise<void> };

/** Starts the Chromium of the system: /usr/bin/chromium, or the program that CHROMIUM names. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error(`browser-look: ${executablePath} must be Chromium; there is no such file. Install it (apt-get install chromium) or name another in CHROMIUM.`);
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** Opens a page from its file, as readers do, in a context of its own. */
export async function openReport(browser: Browser, file: string, { width, height, scheme, hasScript = true }: Window): Promise<OpenReport> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, javaScriptEnabled: hasScript, acceptDownloads: true, reducedMotion: 'reduce' });
  const tab = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  const address = pathToFileURL(file).href;
  tab.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  tab.on('pageerror', (error) => errors.push(error.message));
  tab.on('request', (request) => { if (request.url() !== address && !/^(data|blob):/.test(request.url())) requests.push(request.url()); });
  await tab.goto(address);
  return { tab, errors, requests, close: () => context.close() };
}

/** Opens every fold of the page. */
export async function openFolds(tab: Page): Promise<void> {
  await tab.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
}

/** Opens the groups of figures that are folded, and nothing else. */
export async function openGroups(tab: Page): Promise<void> {
  await tab.evaluate('document.querySelectorAll("details.group").forEach((details) => { details.open = true; })');
}
