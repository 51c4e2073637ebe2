import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { create, type Box, type Font } from 'fontkit';
import { characters } from './characters.js';

/** Where a face comes from. */
export type FaceSource = {
  readonly package: string;
  readonly version: string;
  readonly family: string;
  readonly style: string;
  readonly file: string;
};

/** A glyph in font units: its outline as SVG path data (y upward) and the box of its ink. */
export type Outline = { readonly path: string; readonly box: Box };

/** A face that has all 94 characters. */
export type Face = FaceSource & { readonly outlines: readonly Outline[] };

/** Finds the TrueType and OpenType files under a folder, in order of their names. */
export function findFontFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ttf|otf|ttc)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Reads the faces of a font file that have an outline of their own for each of the 94 characters.
 *
 * @param path  A TrueType or OpenType file, or a collection of them.
 * @returns The complete faces; none if the file cannot be read, lacks a character, or maps two characters to one glyph.
 */
export function readFaces(path: string, origin: { package: string; version: string }): Face[] {
  try {
    const opened = create(readFileSync(path));
    return ('fonts' in opened ? opened.fonts : [opened]).flatMap((font) => {
      const outlines = readOutlines(font);
      return outlines === undefined ? [] : [{ ...origin, ...namesOf(font), file: basename(path), outlines }];
    });
  } catch {
    return []; // Not a font that fontkit understands: there are thousands of others.
  }
}

function readOutlines(font: Font): Outline[] | undefined {
  const seen = new Set<number>();
  const outlines: Outline[] = [];
  for (const character of characters) {
    const codePoint = character.codePointAt(0)!;
    if (!font.hasGlyphForCodePoint(codePoint)) return undefined;
    const { id, path } = font.glyphForCodePoint(codePoint);
    if (id === 0 || seen.has(id)) return undefined;
    seen.add(id);
    const { minX, minY, maxX, maxY } = path.bbox;
    if (!(maxX > minX && maxY > minY)) return undefined;
    outlines.push({ path: path.toSVG(), box: { minX, minY, maxX, maxY } });
  }
  return outlines;
}

function namesOf(font: Font): { family: string; style: string } {
  const family = font.getName('preferredFamily') ?? font.familyName ?? font.postscriptName ?? '';
  const style = font.getName('preferredSubfamily') ?? font.subfamilyName ?? 'Regular';
  return { family: oneLine(family), style: oneLine(style) };
}

function oneLine(text: string): string {
  return text.replaceAll('\0', '').replace(/\s+/g, ' ').trim();
}
