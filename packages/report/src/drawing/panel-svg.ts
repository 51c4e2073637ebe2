import { escapeMarkup as e } from './escape.js';
import { cutEnd } from './text-fit.js';

/** What a panel's `<svg>` says of itself beside its marks. */
export type PanelFrame = { readonly width: number; readonly height: number; readonly title: string; readonly subtitle: string; readonly description: string };

/** Wraps the marks of a panel into its `<svg>`, titled, in the color of the surrounding text; it needs no ids. */
export function panelSvg({ width, height, title, subtitle, description }: PanelFrame, content: string): string {
  const head = `<text x="4" y="14" text-anchor="start" font-size="13" font-weight="bold">${e(cutEnd(title, width - 8, 13, { isBold: true }))}</text>`
    + `<text x="4" y="30" text-anchor="start" fill-opacity=".8">${e(cutEnd(subtitle, width - 8, 11))}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" fill="currentColor" font-family="DejaVu Sans, Verdana, Arial, sans-serif" font-size="11" text-anchor="middle" role="img">`
    + `<title>${e(title)}</title><desc>${e(description)}</desc>${head}${content}</svg>`;
}

/** The attributes by which a script knows a mark. */
export function markData(series: string, x: number | string, y: number): string {
  return `data-series="${e(series)}" data-x="${e(String(x))}" data-y="${Number(y.toPrecision(6))}"`;
}
