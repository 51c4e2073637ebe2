import { escapeMarkup as e } from '../drawing/escape.js';

/** A part of the page: its heading, the address to jump to, and the figures in it. */
export type Part = { readonly id: string; readonly heading: string; readonly figures: readonly { readonly name: string; readonly title: string; readonly number: number }[] };

/** The list of contents: open at the side of a wide window, folded by the script in a narrow one. */
export function contentsNav(parts: readonly Part[]): string {
  const figures = ({ figures }: Part): string => (figures.length === 0 ? '' : `<ol>${figures.map(({ name, title, number }) => `<li><a href="#${e(name)}"><span class="figure-number">${number}</span> ${e(title)}</a></li>`).join('')}</ol>`);
  return `<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary><ul>${parts.map((part) => `<li><a href="#${part.id}">${e(part.heading)}</a>${figures(part)}</li>`).join('')}</ul></details></nav>`;
}

/** A heading that the contents can point at. */
export function partHeading(id: string, heading: string): string {
  return `<h2 id="${id}">${e(heading)}</h2>`;
}

/** The address of a heading: its words in small letters, joined by hyphens. */
export function slug(heading: string): string {
  return heading.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}
