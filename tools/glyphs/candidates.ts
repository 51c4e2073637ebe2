import { renderFace } from './render.js';
import { fetchPackage } from './debian-package.js';
import { findFontFiles, readFaces, type FaceSource } from './face.js';
import { readLicenceTable, type LicenceVerdict } from './licence-table.js';
import { classifyCopyright } from './copyright.js';

/** A complete face of a permissively licensed package, drawn: images uint8, shape (94, 28, 28). */
export type Candidate = FaceSource & { readonly licence: string; readonly images: Uint8Array };

/**
 * Fetches every package of the licence table and draws its complete faces.
 *
 * @param cache  Folder outside the repository.
 * @throws Error if a package is not settled by its debian/copyright and has not been read by hand.
 */
export function drawCandidates(cache: string): Candidate[] {
  return readLicenceTable().flatMap((verdict) => drawPackage(verdict, cache));
}

function drawPackage({ package: name, licence, evidence }: LicenceVerdict, cache: string): Candidate[] {
  const { version, folder, copyright } = fetchPackage(name, cache);
  if (!evidence.startsWith('read:') && classifyCopyright(copyright) !== 'permissive') {
    throw new Error(`drawPackage: evidence for ${name} must begin with "read:", because its debian/copyright is unclear; got "${evidence}". Read it.`);
  }
  const seen = new Set<string>();
  return findFontFiles(folder).flatMap((path) =>
    readFaces(path, { package: name, version }).flatMap(({ outlines, ...source }) => {
      const key = `${source.family}\t${source.style}`; // The same face may stand there as .otf and .ttf.
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ ...source, licence, images: renderFace(outlines) }];
    }),
  );
}
