/** One `Files` paragraph of a machine-readable debian/copyright (DEP 5). */
export type FilesParagraph = { readonly files: string; readonly licence: string };

/**
 * Reads which licence debian/copyright gives to which files.
 *
 * @param text  The file's content.
 * @returns The `Files` paragraphs that are not about Debian's own packaging; none if the file is not machine-readable.
 */
export function readCopyright(text: string): FilesParagraph[] {
  return text
    .split(/\n\s*\n/)
    .flatMap((paragraph) => {
      const files = /^Files:\s*([^\n]*(?:\n[ \t]+[^\n]*)*)/m.exec(paragraph)?.[1]?.replace(/\s+/g, ' ').trim();
      const licence = /^License:\s*(.*)$/m.exec(paragraph)?.[1]?.trim();
      return files === undefined || licence === undefined ? [] : [{ files, licence }];
    })
    .filter(({ files }) => !files.split(/[\s,]+/).every((pattern) => pattern.startsWith('debian/')));
}

const permissiveName = /^(OFL(-1\.[01])?(-RFN|-no-RFN|\+RFN)?|SIL-1\.[01]|SIL[ -]OFL[- ]1\.[01]|Apache(-2(\.0)?)?|MIT|Expat|X11|ISC|Zlib|BSD(-[23]-clause)?|Bitstream[- ]Vera.*|public-domain|CC0(-1\.0)?|Unlicense)$/i;

/**
 * Says what debian/copyright alone tells about a package: `permissive` if every licence it names is a permissive one,
 * `unclear` if it is not machine-readable or a name is not in the list. An alternative (`or`) counts by its best part.
 */
export function classifyCopyright(text: string): 'permissive' | 'unclear' {
  const paragraphs = readCopyright(text);
  return paragraphs.length > 0 && paragraphs.every(({ licence }) => isPermissive(licence)) ? 'permissive' : 'unclear';
}

/** Whether a short licence name, or an expression of such names, can be satisfied by permissive licences alone. */
export function isPermissive(expression: string): boolean {
  return expression
    .split(/\s+or\s+/i)
    .some((alternative) => alternative.split(/,?\s+and\s+/i).every((name) => permissiveName.test(name.trim())));
}
