/** How a run was asked for, as far as it has to be repeated to ask for the same again. */
export type Invocation = {
  readonly path: string; readonly set: readonly string[]; readonly store: string;
  /** Of a run: what it was restricted to, and further words as `--keep-going`. */
  readonly only?: readonly string[]; readonly flags?: readonly string[];
};

/** A command line that can be copied, as in `memgeo run p.yaml --set params.seed=2`. */
export function commandLine(verb: string, { path, set, store, flags = [] }: Invocation, ...words: readonly string[]): string {
  const options = [...(verb === 'run' ? flags : []), ...set.flatMap((value) => ['--set', value]), ...(store === '.memgeo' ? [] : ['--store', store])];
  return ['memgeo', verb, path, ...words, ...options].map(quote).join(' ');
}

/** A word that every shell takes as it is; brackets and the like are quoted. */
function quote(word: string): string {
  return /^[\w@%+:,./=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
