import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLicenceTable } from './licence-table.js';

/** What each licence asks of someone who passes on images drawn with its fonts, to be on the safe side. */
const obligations: Readonly<Record<string, string>> = {
  'OFL-1.1': 'The font, modified or not, may be bundled and redistributed with its copyright notice and this licence; it may not be sold by itself, and a modified version may not use a reserved font name. Documents made with a font need not be under the OFL.',
  'OFL-1.0': 'As OFL 1.1; any modified font must be renamed.',
  'Apache-2.0': 'Pass on the licence, keep the notices, say that files were changed.',
  MIT: 'Keep the copyright notice and the permission notice.',
  'BSD-2-clause': 'Keep the copyright notice, the conditions and the disclaimer.',
  'BSD-3-clause': "As BSD-2-clause; don't use the names of the authors to endorse.",
  'Bitstream-Vera': 'Keep the copyright, trademark and permission notices; a modified font may not be called Bitstream or Vera; not to be sold by itself.',
  'CC0-1.0': 'None: the author waived all rights.',
  Unlicense: 'None: the author waived all rights.',
  'public-domain': 'None: the author put the font in the public domain.',
};

/**
 * Writes LICENSES.md: for each licence what it asks and its text, for each package its holders.
 *
 * @param packages  The packages whose fonts are shipped.
 * @throws RangeError if a licence has no line about its obligations.
 */
export function licenceNotices(packages: ReadonlySet<string>): string {
  const verdicts = readLicenceTable().filter((verdict) => packages.has(verdict.package));
  const licences = [...new Set(verdicts.flatMap(({ licence }) => licence.split(' and ')))].sort();
  const lines = [
    '# Licences of the fonts behind these images', '',
    'The images in this folder are 28 x 28 renderings of glyphs; no font file and no outline is contained. They are changed versions',
    'of the designs: drawn, scaled per face, centered and averaged. We pass on the notices of the fonts all the same.',
    'fonts.tsv says which face comes from which package; debian/copyright of each package has the full record.', '',
    '| licence | what it asks |', '|---|---|',
    ...licences.map((licence) => `| ${licence} | ${obligationOf(licence)} |`), '',
    '## Attribution', '', '| package | licence | copyright |', '|---|---|---|',
    ...verdicts.map(({ package: name, licence, holder }) => `| ${name} | ${licence} | ${escapeCell(holder)} |`), '',
    ...licences.flatMap(textOf),
  ];
  return lines.join('\n');
}

function obligationOf(licence: string): string {
  const text = obligations[licence];
  if (text === undefined) throw new RangeError(`licenceNotices: licence must have a line about its obligations; got ${licence}. Add one.`);
  return text;
}

/** The text of a licence that asks to be passed on. */
function textOf(licence: string): string[] {
  if (obligationOf(licence).startsWith('None')) return [];
  const text = readFileSync(join(import.meta.dirname, 'licence-texts', `${licence}.txt`), 'utf8').trimEnd();
  return [`## ${licence}`, '', '```text', text, '```', ''];
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
