/** Where an input comes from, as the pipeline file says it. */
export type Reference = {
  readonly stage: string;
  /** `all` for `[*]`, values for `[key=value]`, undefined without brackets. */
  readonly selection: 'all' | { readonly [axis: string]: string } | undefined;
  readonly output: string | undefined;
  readonly member: string | undefined;
};

const pattern = /^(?<stage>[A-Za-z][\w-]*)(?:\[(?<selection>[^\]]*)\])?(?:\.(?<output>[A-Za-z][\w-]*)(?:\/(?<member>[\w.-]+))?)?$/;

/** Reads `STAGE`, `STAGE[key=value].OUTPUT/MEMBER` and the like; undefined if the text is no reference. */
export function parseReference(text: string): Reference | undefined {
  const groups = pattern.exec(text.trim())?.groups;
  if (!groups) return undefined;
  const { stage, selection, output, member } = groups;
  if (selection === undefined) return { stage: stage!, selection: undefined, output, member };
  if (selection.trim() === '*') return { stage: stage!, selection: 'all', output, member };
  const pairs = selection.split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  if (pairs.some((pair) => pair.length !== 2 || pair[0] === '' || pair[1] === '')) return undefined;
  return { stage: stage!, selection: Object.fromEntries(pairs) as { [axis: string]: string }, output, member };
}
