import type { Page } from 'playwright-core';
import type { Look } from './open-report.js';

/** Checks that every table of values opens and has a row for each mark that says its value. */
export async function lookAtTables(tab: Page): Promise<Look> {
  const folds = tab.locator('figure .values > summary');
  for (let i = 0; i < (await folds.count()); i++) await folds.nth(i).click();
  // Panels of very many marks carry none that say their value; their rows are then more than their marks.
  const problems = await tab.evaluate<string[]>(`[...document.querySelectorAll('figure')].flatMap((figure) => {
    const details = figure.querySelector('.values');
    if (details === null) return [figure.id + ' has no table'];
    const table = details.querySelector('table');
    const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    const needed = heads.map((head, index) => (['Low', 'High', 'Note'].includes(head) ? -1 : index)).filter((index) => index >= 0);
    const rows = [...table.tBodies[0].rows];
    const valued = rows.filter((row) => needed.every((index) => row.cells[index].textContent !== '')).length;
    const counts = [...figure.querySelectorAll('.panels svg')].map((svg) => svg.querySelectorAll('[data-series], image').length);
    const marks = counts.reduce((sum, count) => sum + count, 0);
    const isWrong = counts.some((count) => count === 0) ? valued <= marks : valued !== marks;
    return [...(details.open && rows.length > 0 && table.getBoundingClientRect().height > 0 ? [] : [figure.id + ': the table does not open']), ...(isWrong ? [figure.id + ': ' + valued + ' rows for ' + marks + ' marks'] : []), ...(rows.some((row) => row.cells.length !== heads.length) ? [figure.id + ': rows of unequal length'] : [])];
  })`);
  return { title: 'the values of every figure open as a table, with a row per mark', problems };
}

/** Checks that keys move along the marks of a figure, say their values and leave again. */
export async function lookAtKeys(tab: Page): Promise<Look> {
  const problems: string[] = [];
  const said = (): Promise<string> => tab.evaluate<string>('document.querySelector("[aria-live=polite]")?.textContent ?? ""');
  const stops = await tab.evaluate<number>(`document.querySelectorAll('.panels[tabindex="0"]').length`);
  if (stops === 0) return { title: 'keys move along the marks of a figure', problems: ['no figure takes the focus'] };
  const heard: string[] = [];
  await tab.evaluate(`document.querySelector('.panels[tabindex="0"]').focus()`);
  await tab.keyboard.press('Shift+Tab');
  await tab.keyboard.press('Tab');
  if (!(await tab.evaluate<boolean>(`(() => { const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement); return document.activeElement.matches('.panels:focus-visible') && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2; })()`))) problems.push('the figure in focus has no ring');
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'End', 'PageDown']) {
    await tab.keyboard.press(key);
    heard.push(await said());
    if (!(await tab.locator('.tooltip').isVisible())) problems.push(`${key}: no tooltip`);
    if ((await tab.locator('.panels .is-current').count()) !== 1) problems.push(`${key}: no mark is shown as current`);
  }
  if (heard.some((words) => !/\d/.test(words))) problems.push('a mark says no value');
  if (heard[1] === heard[0]) problems.push('ArrowRight stays where it is');
  if (new Set(heard).size < 4) problems.push(`five keys led to ${new Set(heard).size} marks`);
  await tab.keyboard.press('Escape');
  if (await tab.locator('.tooltip').isVisible()) problems.push('Escape leaves the tooltip');
  if (await tab.evaluate<boolean>('document.activeElement.matches(".panels")')) problems.push('Escape does not leave the figure');
  return { title: `keys move along the marks of a figure (${stops} figures)`, problems };
}

/** Checks that the pointer over a mark brings up what it says, inside the window. */
export async function lookAtTooltip(tab: Page): Promise<Look> {
  const problems: string[] = [];
  const marks = tab.locator('figure:has([data-series])');
  for (let i = 0; i < (await marks.count()); i++) {
    const mark = marks.nth(i).locator('[data-series]').last();
    await mark.scrollIntoViewIfNeeded();
    const box = (await mark.boundingBox())!;
    const name = await marks.nth(i).getAttribute('id');
    await tab.mouse.move(2, 2);
    await tab.mouse.move(box.x + box.width / 2 + 1, box.y + box.height / 2 + 1);
    const tooltip = tab.locator('.tooltip');
    if (!(await tooltip.isVisible())) { problems.push(`${name}: no tooltip`); continue; }
    const words = (await tooltip.textContent()) ?? '';
    const place = (await tooltip.boundingBox())!;
    if (!/\d/.test(words)) problems.push(`${name}: the tooltip says "${words}"`);
    if (place.x < 0 || place.x + place.width > tab.viewportSize()!.width || place.y < 0 || place.y + place.height > tab.viewportSize()!.height) problems.push(`${name}: the tooltip leaves the window`);
  }
  if ((await marks.count()) === 0) problems.push('no figure has marks');
  await tab.mouse.move(2, 2);
  if (await tab.locator('.tooltip').isVisible()) problems.push('the tooltip stays');
  return { title: 'the pointer over a mark brings up its value', problems };
}

/** Checks that the colors can be changed, and that the page remembers. */
export async function lookAtColorChoice(tab: Page): Promise<Look> {
  const ground = (): Promise<string> => tab.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const problems: string[] = [];
  const button = tab.locator('button.scheme');
  const before = await ground();
  if ((await button.count()) === 0) return { title: 'the colors can be changed', problems: ['there is no button'] };
  const pressed = await button.getAttribute('aria-pressed');
  await button.click();
  const after = await ground();
  if (after === before) problems.push('the ground stays as it was');
  if ((await button.getAttribute('aria-pressed')) === pressed) problems.push('the button does not say so');
  await tab.reload();
  if ((await ground()) !== after) problems.push('the page does not remember');
  await tab.locator('button.scheme').click();
  if ((await ground()) !== before) problems.push('there is no way back');
  return { title: 'the colors can be changed, and the page remembers', problems };
}
