import type { Page } from 'playwright-core';
import type { Look, OpenReport } from './open-report.js';

/** What a panel shows, as measured in the browser. */
type SeenPanel = { readonly name: string; readonly texts: number; readonly marks: number; readonly smallestText: number; readonly isBroken: boolean };

/** Runs in the browser: counts the texts and the visible strokes and images of each panel. */
const panelsScript = `[...document.querySelectorAll('figure .panels svg')].map((svg) => {
  const shows = (element) => { const box = element.getBoundingClientRect(); return box.width > 1 || box.height > 1; };
  const drawn = (element) => { const style = getComputedStyle(element); return style.visibility === 'visible' && ((style.stroke !== 'none' && parseFloat(style.strokeOpacity) > 0) || (style.fill !== 'none' && parseFloat(style.fillOpacity) > 0)); };
  const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '' && shows(text));
  const marks = [...svg.querySelectorAll('image, .line path, .dot circle, .cell rect, .cell path')].filter((mark) => shows(mark) && (mark.tagName === 'image' || drawn(mark)));
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const isBroken = svg.innerHTML.includes('NaN') || svg.innerHTML.includes('undefined');
  const name = svg.closest('figure').id + ' / ' + (svg.querySelector('title')?.textContent ?? svg.getAttribute('aria-label') ?? '').split('. ')[0];
  return { name, texts: texts.length, marks: marks.length, smallestText: scale * Math.min(...texts.map((text) => parseFloat(getComputedStyle(text).fontSize))), isBroken };
})`;

/** Runs in the browser: the contrast of the body's text against its ground, as WCAG defines it. */
const contrastScript = `(() => {
  const luminance = (color) => { const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ratio = (one, other) => { const [a, b] = [luminance(one), luminance(other)].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); };
  const ground = getComputedStyle(document.body).backgroundColor;
  const lines = [...document.querySelectorAll('figure .line path, figure .dot')].map((line) => getComputedStyle(line)).map(({ stroke, fill, strokeOpacity }) => (parseFloat(strokeOpacity) > 0 ? stroke : fill)).filter((color) => color.startsWith('rgb('));
  const faint = [...new Set(lines)].filter((color) => ratio(color, ground) < 3).map((color) => color + ' has ' + ratio(color, ground).toFixed(2));
  return { text: ratio(getComputedStyle(document.body).color, ground), colors: new Set(lines).size, faint };
})()`;

/** Runs in the browser: what leaves the window to a side, or its cell or box; what scrolls in a box of its own does not count. */
const clippedScript = `(() => {
  const width = document.documentElement.clientWidth;
  const hidden = '.scroll, .hidden-text, .skip, svg, script, thead';
  const name = (element) => element.tagName.toLowerCase() + '.' + (element.getAttribute('class') ?? '');
  const outside = [...document.querySelectorAll('body *')].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && (box.right > width + 1 || box.left < -1) && !(element.closest(hidden) && !element.matches('.scroll, svg'));
  });
  const cut = [...document.querySelectorAll('p, li, h1, h2, h3, td, th, button, a, summary, figcaption')].filter((element) => (element.matches('td, th') || getComputedStyle(element).overflowX === 'hidden') && element.scrollWidth > element.clientWidth + 1 && !element.closest('.hidden-text'));
  const scrolled = document.documentElement.scrollWidth > width ? ['the page is ' + document.documentElement.scrollWidth + ' px wide in ' + width] : [];
  return [...scrolled, ...outside.map((element) => name(element) + ' leaves the window'), ...cut.map((element) => name(element) + ' is cut')];
})()`;

/** Checks that the page can be read in this window: nothing missing, nothing cut, nothing too faint or too small. Leaves every fold open. */
export async function lookAtReading({ tab, errors, requests }: OpenReport): Promise<Look[]> {
  const panels = await tab.evaluate<SeenPanel[]>(panelsScript);
  const contrast = await tab.evaluate<{ text: number; colors: number; faint: string[] }>(contrastScript);
  return [
    { title: 'no errors on the console', problems: errors },
    { title: 'nothing is requested beside the page', problems: requests },
    { title: 'no element leaves the window, and no text is cut', problems: await tab.evaluate<string[]>(clippedScript) },
    { title: `text stands out from the ground (contrast ${contrast.text.toFixed(1)})`, problems: contrast.text >= 7 ? [] : [`contrast ${contrast.text.toFixed(1)} is below 7`] },
    { title: `lines and dots stand out from the ground (${contrast.colors} colors, contrast 3 or more)`, problems: contrast.faint },
    { title: `there are panels (${panels.length})`, problems: panels.length > 0 ? [] : ['no panel'] },
    { title: 'every panel has text, and lines, cells or images that show', problems: panels.filter((panel) => panel.texts === 0 || panel.marks === 0 || panel.isBroken).map((panel) => panel.name) },
    { title: 'text in figures is 8 px or larger', problems: panels.filter((panel) => panel.smallestText < 8).map((panel) => `${panel.name} has ${panel.smallestText.toFixed(1)} px`) },
    ...(await lookAtOutline(tab)),
  ];
}

/** Checks what a screen reader walks along: landmarks, headings in order, names of figures and tables. */
async function lookAtOutline(tab: Page): Promise<Look[]> {
  const problems = await tab.evaluate<string[]>(`(() => {
    const wrong = [];
    const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((heading) => Number(heading.tagName[1]));
    if (levels.filter((level) => level === 1).length !== 1) wrong.push('there must be one h1');
    levels.forEach((level, i) => { if (i > 0 && level > levels[i - 1] + 1) wrong.push('h' + level + ' follows h' + levels[i - 1]); });
    for (const landmark of ['main', 'nav', 'header']) if (document.querySelectorAll(landmark).length !== 1) wrong.push('there must be one ' + landmark);
    if (document.documentElement.lang === '') wrong.push('no language');
    if (document.title.trim() === '') wrong.push('no title');
    for (const link of document.querySelectorAll('a[href^="#"]')) if (document.getElementById(link.getAttribute('href').slice(1)) === null) wrong.push(link.getAttribute('href') + ' leads nowhere');
    for (const figure of document.querySelectorAll('figure')) for (const name of ['aria-labelledby', 'aria-describedby']) if ((document.getElementById(figure.getAttribute(name))?.textContent ?? '') === '') wrong.push(figure.id + ' lacks ' + name);
    for (const table of document.querySelectorAll('table')) { if (table.caption === null) wrong.push('a table lacks its caption'); if (table.querySelector('th:not([scope])') !== null) wrong.push('a heading of a table lacks its scope'); }
    return wrong;
  })()`);
  return [{ title: 'headings are in order; landmarks, links, figures and tables have what they need', problems }];
}
