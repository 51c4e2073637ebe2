/**
 * Prints what debian/copyright says about packages, as a start for reading them by hand; licences.tsv has the verdicts.
 *
 * Usage: npx tsx tools/glyphs/survey-licences.ts <cache folder> <package>...
 */
import { classifyCopyright, readCopyright } from './copyright.js';
import { fetchPackage } from './debian-package.js';

const [cache, ...names] = process.argv.slice(2);
if (cache === undefined || names.length === 0) {
  throw new RangeError('survey-licences: arguments must be a cache folder and package names; got too few. See the head of the file.');
}
for (const name of names) {
  const { copyright } = fetchPackage(name, cache);
  const licences = readCopyright(copyright).map(({ files, licence }) => `${files} = ${licence}`);
  console.log([name, classifyCopyright(copyright), licences.join('; ')].join('\t'));
}
