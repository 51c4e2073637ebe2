import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPermissive } from './copyright.js';

/** A verdict about one Debian package, made from its debian/copyright. */
export type LicenceVerdict = {
  readonly package: string;
  /** Names of licences joined by `and`; where upstream offers a choice, the one that we take. */
  readonly licence: string;
  /** The attribution: years and holders. */
  readonly holder: string;
  /** What the verdict rests on; begins with `read:` where the machine-readable fields do not settle it. */
  readonly evidence: string;
};

/**
 * Reads `licences.tsv`, the list of packages that may be shipped.
 *
 * @throws RangeError if a row lacks a field, stands twice, or names a licence that is not permissive.
 */
export function readLicenceTable(): LicenceVerdict[] {
  const [, ...lines] = readFileSync(join(import.meta.dirname, 'licences.tsv'), 'utf8').trim().split('\n');
  const seen = new Set<string>();
  return lines.map((line) => {
    const [name = '', licence = '', holder = '', evidence = ''] = line.split('\t');
    if (!name || !licence || !holder || !evidence || seen.has(name)) {
      throw new RangeError(`readLicenceTable: each row must have package, licence, holder and evidence, and stand once; got "${line}".`);
    }
    if (!isPermissive(licence)) {
      throw new RangeError(`readLicenceTable: licence of ${name} must be permissive; got ${licence}. Remove the package.`);
    }
    seen.add(name);
    return { package: name, licence, holder, evidence };
  });
}
