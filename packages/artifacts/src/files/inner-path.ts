/** Names that Windows gives to devices, with any ending. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
const forbidden = /[\u0000-\u001f\u007f<>:"|?*\\]/;

/**
 * Says what keeps a name from being that of a file on every system, or undefined if nothing does.
 *
 * @param name  One name, without a folder.
 */
export function fileNameFault(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'it names no file';
  if (name.includes('/') || forbidden.test(name)) return 'it holds a character that file names can\'t have';
  if (Buffer.byteLength(name) > 255) return 'it is longer than 255 bytes';
  if (reserved.test(name)) return 'Windows keeps the name for a device';
  if (/[. ]$/.test(name)) return 'it ends with a dot or a space';
  return undefined;
}

/**
 * Says what keeps a path from being that of a file inside a folder, or undefined if nothing does.
 *
 * Names that only Windows refuses are allowed: a folder artifact may hold them. None of them leads out of the folder.
 */
export function innerPathFault(path: string): string | undefined {
  if (path.includes('\u0000')) return 'it holds a NUL';
  if (/^([a-zA-Z]:|[/\\])/.test(path)) return 'it is not relative';
  if (Buffer.byteLength(path) > 4096) return 'it is longer than 4096 bytes';
  const names = path.split(/[/\\]/);
  if (path.includes('\\')) return 'it holds a backslash';
  if (names.some((name) => name === '' || name === '.' || name === '..')) return 'it is no plain path below the folder';
  if (names.some((name) => Buffer.byteLength(name) > 255)) return 'a name in it is longer than 255 bytes';
  return undefined;
}
