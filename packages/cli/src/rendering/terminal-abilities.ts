export type Environment = { readonly [name: string]: string | undefined };

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** Whether colors may be written: to a terminal that has them, unless NO_COLOR is set. FORCE_COLOR decides wherever it is set; 0 and false mean none. */
export function hasColors(stream: { readonly isTTY?: boolean }, env: Environment): boolean {
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return stream.isTTY === true && !isSet(env.NO_COLOR) && env.TERM !== 'dumb';
}

/** Whether lines can be written over: on a terminal, and not for a log that looks like one. */
export function canRewrite(stream: { readonly isTTY?: boolean }, env: Environment): boolean {
  return stream.isTTY === true && env.TERM !== 'dumb' && (!isSet(env.CI) || env.CI === 'false');
}

/** Whether signs beyond ASCII come out as such, by the locale. */
export function hasUnicode(env: Environment, platform: NodeJS.Platform = process.platform): boolean {
  if (platform === 'win32') return isSet(env.WT_SESSION) || env.TERM_PROGRAM === 'vscode';
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find(isSet) ?? '';
  return /utf-?8/i.test(locale) || (platform === 'darwin' && locale === '');
}
