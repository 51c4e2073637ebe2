import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { characters, classCount, imagePixels } from '../glyphs/characters.js';
import { isPermissive } from '../glyphs/copyright.js';
import { areGlyphsDistinct, glyphImage, hasBackslash } from '../glyphs/legibility.js';
import { readLicenceTable } from '../glyphs/licence-table.js';
import { readManifest, readSplit, sha256 } from '../idx/data-set.js';
import type { Check } from '../run-checks.js';
import { expectEqual, expectNone } from './expect.js';

type Face = { readonly split: string; readonly face: string; readonly package: string; readonly family: string; readonly superFamily: string; readonly licence: string; readonly name: string };

const facesNeeded = { train: 150, test: 50 } as const;

/** The checks of what is particular to the glyphs. */
export function glyphChecks(folder: string): Check[] {
  return [
    { title: 'glyphs: the classes are U+0021 to U+007E in order', run: () => expectEqual('classNames', readManifest(folder).classNames, characters) },
    { title: 'glyphs: image i is of class i mod 94', run: () => checkOrder(folder) },
    { title: `glyphs: at least ${facesNeeded.train} training and ${facesNeeded.test} test faces, each with a line in fonts.tsv`, run: () => checkFaces(folder) },
    { title: 'glyphs: no two classes of a face have the same pixels', run: () => checkPixels(folder) },
    { title: 'glyphs: the glyphs of a face are distinct, and the backslash is one', run: () => checkLegibility(folder) },
    { title: 'glyphs: no face stands twice', run: () => checkCopies(folder) },
    { title: 'glyphs: no family and no super-family stands in both splits', run: () => checkFamilies(folder) },
    { title: 'glyphs: every package is in licences.tsv, with this permissive licence', run: () => checkLicences(folder) },
    { title: 'glyphs: LICENSES.md attributes every package and has every licence', run: () => checkNotices(folder) },
  ];
}

function checkOrder(folder: string): void {
  for (const split of ['train', 'test'] as const) {
    const { data } = readSplit(folder, split).labels;
    if (data.some((label, i) => label !== i % classCount)) throw new Error(`${split} labels must be 0 to 93 over and over.`);
  }
}

function checkFaces(folder: string): void {
  const manifest = readManifest(folder);
  for (const split of ['train', 'test'] as const) {
    const faces = readFaces(folder).filter((face) => face.split === split);
    expectEqual(`${split} lines of fonts.tsv`, faces.map(({ face }) => face), Array.from({ length: manifest[split] / classCount }, (_, f) => String(f)));
    if (faces.length < facesNeeded[split]) throw new Error(`${split} faces must be at least ${facesNeeded[split]}; got ${faces.length}.`);
  }
}

function checkPixels(folder: string): void {
  const faults = faceImages(folder).flatMap(({ name, images }) => {
    const digests = characters.map((_, k) => Buffer.from(glyphImage(images, k)).toString('latin1'));
    return digests.flatMap((digest, k) => (digests.indexOf(digest) < k ? [`${characters[digests.indexOf(digest)]} and ${characters[k]} in ${name}`] : []));
  });
  expectNone('pairs', faults);
}

function checkLegibility(folder: string): void {
  expectNone('faces', faceImages(folder).filter(({ images }) => !areGlyphsDistinct(images) || !hasBackslash(images)).map(({ name }) => name));
}

function checkCopies(folder: string): void {
  const digests = faceImages(folder).map(({ images }) => sha256(images));
  expectEqual('number of different faces', new Set(digests).size, digests.length);
}

function checkFamilies(folder: string): void {
  const faces = readFaces(folder);
  for (const field of ['family', 'superFamily'] as const) {
    const test = new Set(faces.filter(({ split }) => split === 'test').map((face) => face[field]));
    expectNone(field, faces.filter((face) => face.split === 'train' && test.has(face[field])).map((face) => face[field]));
  }
}

function checkLicences(folder: string): void {
  const verdicts = new Map(readLicenceTable().map((verdict) => [verdict.package, verdict.licence]));
  expectNone('faces', readFaces(folder).filter((face) => !isPermissive(face.licence) || verdicts.get(face.package) !== face.licence).map(({ name }) => name));
}

function checkNotices(folder: string): void {
  const notices = readFileSync(join(folder, 'LICENSES.md'), 'utf8');
  const holders = new Map(readLicenceTable().map((verdict) => [verdict.package, verdict.holder]));
  expectNone('packages', readFaces(folder).map((face) => face.package).filter((name) => !notices.includes(`| ${name} |`) || !holders.get(name)));
  expectNone('licences', readFaces(folder).flatMap(({ licence }) => licence.split(' and ')).filter((licence) => !notices.includes(`\n| ${licence} | `)));
}

/** The lines of fonts.tsv, training faces first, each split in the order of its images. */
function readFaces(folder: string): Face[] {
  const [header = '', ...lines] = readFileSync(join(folder, 'fonts.tsv'), 'utf8').trim().split('\n');
  const fields = header.split('\t');
  return lines.map((line) => {
    const row = Object.fromEntries(line.split('\t').map((value, i) => [fields[i]!, value]));
    return { ...(row as Omit<Face, 'name'>), name: `${row.family} ${row.style}` };
  });
}

function faceImages(folder: string): { name: string; images: Uint8Array }[] {
  const data = { train: readSplit(folder, 'train').images.data, test: readSplit(folder, 'test').images.data };
  return readFaces(folder).map(({ split, face, name }) => {
    const images = data[split as 'train' | 'test'];
    const faceLength = classCount * imagePixels;
    return { name, images: images.subarray(Number(face) * faceLength, (Number(face) + 1) * faceLength) };
  });
}
