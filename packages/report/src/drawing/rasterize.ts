import { Resvg } from '@resvg/resvg-js';

const options = { font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' }, background: '#ffffff' } as const;

/** Renders a standalone SVG as PNG on white, with the fonts of the system. */
export function rasterize(svg: string, { scale = 2 }: { scale?: number } = {}): Uint8Array {
  return new Resvg(svg, { ...options, fitTo: { mode: 'zoom', value: scale } }).render().asPng();
}

/** Whether the system has a font to draw text with; without one, text would silently be missing from every PNG. */
export function canDrawText(): boolean {
  const { pixels } = new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="4" y="32" font-size="30" font-family="sans-serif">M</text></svg>', options).render();
  return pixels.some((value) => value !== 255);
}
