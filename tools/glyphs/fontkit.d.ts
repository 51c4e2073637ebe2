/** The part of fontkit 2 that the builder uses; the package brings no types. */
declare module 'fontkit' {
  export type Box = { readonly minX: number; readonly minY: number; readonly maxX: number; readonly maxY: number };
  export type Path = { readonly bbox: Box; toSVG(): string };
  export type Glyph = { readonly id: number; readonly path: Path };
  export type Font = {
    readonly postscriptName: string | null;
    readonly familyName: string | null;
    readonly subfamilyName: string | null;
    readonly unitsPerEm: number;
    getName(key: string, language?: string): string | null;
    hasGlyphForCodePoint(codePoint: number): boolean;
    glyphForCodePoint(codePoint: number): Glyph;
  };
  export type FontCollection = { readonly fonts: readonly Font[] };
  export function create(bytes: Uint8Array): Font | FontCollection;
}
