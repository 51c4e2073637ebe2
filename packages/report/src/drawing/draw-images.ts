import type { ImagePanel } from '../figures/figure.js';
import { setColor } from '../rows/sets.js';
import type { Drawing } from './drawn.js';
import { encodePng } from './encode-png.js';
import { escapeMarkup } from './escape.js';

const columns = 3;
const imageSize = 72;
const titleHeight = 34;
const cellHeight = imageSize + 42;
const longestText = 18;

/** Draws a panel of images, three to a row, with their labels below. */
export function drawImages(panel: ImagePanel, { width }: { width: number }): Drawing {
  const cellWidth = width / columns;
  const height = titleHeight + Math.ceil(panel.images.length / columns) * cellHeight;
  const cells = panel.images.map(({ pixels, lines }, index) => {
    const center = (index % columns) * cellWidth + cellWidth / 2;
    const top = titleHeight + Math.floor(index / columns) * cellHeight;
    const scale = Math.max(1, Math.ceil(imageSize / Math.max(pixels.width, pixels.height)));
    const source = `data:image/png;base64,${encodePng(pixels, { scale }).toString('base64')}`;
    const texts = lines.map(({ text, isUsed }, line) => `<text x="${center}" y="${top + imageSize + 14 + line * 13}"${isUsed ? ' font-weight="bold"' : ' fill-opacity="0.75"'}>${escapeMarkup(shorten(text))}</text>`);
    return `<image x="${center - imageSize / 2}" y="${top}" width="${imageSize}" height="${imageSize}" href="${source}"/>${texts.join('')}`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" fill="currentColor" font-family="DejaVu Sans, Verdana, Arial, sans-serif" font-size="10" text-anchor="middle" role="img"><title>${escapeMarkup(panel.title)}</title><desc>${escapeMarkup(describe(panel))}</desc>`
    + `<rect x="4" y="5" width="12" height="12" rx="2" fill="${setColor(panel.set)}"/>${titleText(panel.title)}${cells.join('')}</svg>`;
  return { width, height, svg };
}

/** What a reader who can't see the images should know: the labels below them. */
function describe({ images }: ImagePanel): string {
  return `${images.length} images: ${images.map(({ lines }) => lines.map(({ text }) => text).join(', ')).join('; ')}.`;
}

/** Sets the name of the set in bold and its description below it. */
function titleText(title: string): string {
  const colon = title.indexOf(':');
  const text = (y: number, attributes: string, content: string): string => `<text x="22" y="${y}" text-anchor="start" ${attributes}>${escapeMarkup(content.trim())}</text>`;
  return text(15, 'font-size="12" font-weight="bold"', title.slice(0, colon)) + text(28, 'fill-opacity="0.75"', title.slice(colon + 1));
}

function shorten(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;
}
