/**
 * Builds data/glyphs: 94 characters in more than 200 permissively licensed faces from Debian's font packages.
 *
 * Usage, on Debian: npx tsx tools/glyphs/build.ts [cache folder]. The cache (default .memgeo/glyphs) keeps packages.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sha256, writeDataSet, type LabeledImages } from '../idx/data-set.js';
import { drawCandidates, type Candidate } from './candidates.js';
import { characters, classCount, imageSize } from './characters.js';
import { areGlyphsDistinct, hasBackslash, medianFace, nearestMedianAccuracy } from './legibility.js';
import { licenceNotices } from './notices.js';
import { plainness, selectDifferentFaces } from './selection.js';
import { splitByGroup } from './split.js';
import { superFamilies } from './super-family.js';

const root = join(import.meta.dirname, '../..');
const cache = resolve(process.argv[2] ?? join(root, '.memgeo/glyphs'));
const leastAccuracy = 0.4;
const limits = { correlation: 0.7, facesPerFamily: 3 };
const testFaces = 60;

const candidates = drawCandidates(cache);
const distinct = candidates.filter(({ images }) => areGlyphsDistinct(images) && hasBackslash(images));
const median = medianFace(distinct.map(({ images }) => images));
const legible = distinct.filter(({ images }) => nearestMedianAccuracy(images, median) > leastAccuracy).filter(isReadable());
legible.sort((a, b) => plainness(a.style) - plainness(b.style) || compare(faceName(a), faceName(b)));
const faces = selectDifferentFaces(legible, limits).sort((a, b) => compare(sha256(faceName(a)), sha256(faceName(b))));
console.log(`${candidates.length} complete faces, ${distinct.length} with distinct glyphs, ${legible.length} legible, ${faces.length} different`);

const groups = superFamilies(faces);
const isTest = splitByGroup(groups, { testFaces });
const train = faces.filter((_, f) => !isTest[f]);
const test = faces.filter((_, f) => isTest[f]);
const families = new Set(faces.map(({ family }) => family)).size;
console.log(`${train.length} training and ${test.length} test faces of ${families} families, ${new Set(groups).size} super-families`);

writeDataSet(join(root, 'data/glyphs'), {
  description: {
    name: 'glyphs',
    title: 'The printable characters of ASCII in many typefaces',
    description:
      `${classCount} classes, one for each character from U+0021 to U+007E, drawn in ${faces.length} faces of ${families} font families. `
      + 'Image number = face * 94 + class; faces are in an order that is random but fixed, so the first k faces are a random sample. '
      + 'No super-family of fonts stands in both splits. White on black.',
    classNames: characters,
    height: imageSize,
    width: imageSize,
    channels: 1,
    train: train.length * classCount,
    test: test.length * classCount,
    licence: 'The fonts are under OFL-1.1, OFL-1.0, Apache-2.0, MIT, BSD, Bitstream Vera, CC0-1.0 or in the public domain; see LICENSES.md and fonts.tsv.',
    source: 'Font packages of Debian 12; fonts.tsv has the package, version and file of each face.',
    build: 'npx tsx tools/glyphs/build.ts',
    citation: 'memgeo glyphs, drawn from the fonts listed in fonts.tsv.',
  },
  train: labeledImages(train),
  test: labeledImages(test),
  extraFiles: { 'fonts.tsv': fontsTable(), 'LICENSES.md': licenceNotices(new Set(faces.map((face) => face.package))) },
});

/** Images in face-major order with the class as label. */
function labeledImages(selected: readonly Candidate[]): LabeledImages {
  const count = selected.length * classCount;
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classCount);
  return {
    images: { shape: [count, imageSize, imageSize], data: Buffer.concat(selected.map(({ images }) => images)) },
    labels: { shape: [count], data: labels },
  };
}

function fontsTable(): string {
  const header = ['split', 'face', 'package', 'version', 'family', 'style', 'superFamily', 'file', 'licence'];
  const rows = (['train', 'test'] as const).flatMap((split) =>
    faces
      .map((face, f) => ({ face, group: groups[f]! }))
      .filter((_, f) => isTest[f] === (split === 'test'))
      .map(({ face, group }, f) => [split, f, face.package, face.version, face.family, face.style, group, face.file, face.licence]),
  );
  return [header, ...rows].map((row) => row.join('\t')).join('\n') + '\n';
}

/** Refuses the faces that were looked at and found unreadable, which the measures let pass. */
function isReadable(): (face: Candidate) => boolean {
  const lines = readFileSync(join(import.meta.dirname, 'unreadable.tsv'), 'utf8').trim().split('\n').slice(1);
  const names = new Set(lines.map((line) => line.split('\t').slice(0, 2).join('\t')));
  return ({ family, style }) => !names.has(`${family}\t${style}`) && !names.has(`${family}\t*`);
}

function faceName(face: Candidate): string {
  return `${face.package}\t${face.family}\t${face.style}\t${face.file}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
