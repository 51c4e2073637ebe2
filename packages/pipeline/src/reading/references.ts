/** What a selector asks of one axis. */
export type Condition =
  /** The value is one of these; or, with `!=`, none of them. */
  | { readonly axis: string; readonly operator: '=' | '!='; readonly values: readonly string[] }
  | { readonly axis: string; readonly operator: '<' | '<=' | '>' | '>='; readonly value: number };

/** Where an input comes from, as the pipeline file says it. */
export type Reference = {
  readonly stage: string;
  /** `all` for `[*]`, conditions for `[key=value]`, undefined without brackets. */
  readonly selection: 'all' | readonly Condition[] | undefined;
  readonly output: string | undefined;
  readonly member: string | undefined;
};

/** Stage, selection, output, member. */
const pattern = /^([A-Za-z][\w-]*)(?:\[([^[\]]*)\])?(?:\.([A-Za-z][\w-]*)(?:\/([\w.-]+))?)?$/;
/** Axis, operator, values. */
const condition = /^([A-Za-z][\w-]*)\s*(!=|<=|>=|=|<|>)([^=<>!]*)$/;

/**
 * Reads `STAGE`, `STAGE[key=value].OUTPUT/MEMBER` and the like.
 *
 * @returns the reference, or why the text is none.
 */
export function parseReference(text: string): Reference | string {
  const [, stage, selection, output, member] = pattern.exec(text.trim()) ?? [];
  if (stage === undefined || member === '.' || member === '..') return 'it is no reference. Write STAGE, STAGE.OUTPUT, STAGE.OUTPUT/MEMBER, STAGE[key=value] or STAGE[*].';
  const about = { stage, output, member };
  if (selection === undefined) return { ...about, selection };
  if (selection.trim() === '*') return { ...about, selection: 'all' };
  const conditions = selection.split(',').map(parseCondition);
  const wrong = conditions.find((one) => typeof one === 'string');
  return wrong ?? { ...about, selection: conditions as Condition[] };
}

/** A reference whose selector takes each value from the matrix. */
const matrixPattern = /^\s*[A-Za-z][\w-]*\[([^[\]]*)\][\w./-]*\s*$/;
/** Axis, name in the matrix. */
const matrixCondition = /^\s*([A-Za-z][\w-]*)\s*=\s*\$\{\s*matrix\.([A-Za-z][\w-]*)\s*\}\s*$/;

/** The axes that a reference such as `STAGE[key=${matrix.NAME}]` selects by, and the names of their values; undefined if it is of another form. */
export function matrixSelection(text: string): { readonly axes: readonly string[]; readonly names: readonly string[] } | undefined {
  const conditions = matrixPattern.exec(text)?.[1]?.split(',').map((one) => matrixCondition.exec(one)) ?? [];
  const axes = conditions.map((one) => one?.[1] ?? '');
  if (axes.length === 0 || axes.includes('') || new Set(axes).size < axes.length) return undefined;
  return { axes, names: conditions.map((one) => one![2]!) };
}

function parseCondition(text: string): Condition | string {
  const [, axis, operator, rest] = condition.exec(text.trim()) ?? [];
  if (axis === undefined || operator === undefined || rest === undefined) {
    return `"${text.trim()}" is no selector. Write key=value, key=a|b, key!=value, key<value, key<=value, key>value or key>=value, with commas between several, or * alone.`;
  }
  if (operator === '=' || operator === '!=') {
    const values = rest.split('|').map((value) => value.trim());
    return values.includes('') ? `"${text.trim()}" lacks a value.` : { axis, operator, values };
  }
  const value = asNumber(rest.trim());
  return value === undefined ? `"${text.trim()}": ${operator} compares numbers; got "${rest.trim()}".` : { axis, operator: operator as '<', value };
}

/** The number that a text says; undefined if it says none. */
export function asNumber(text: string): number | undefined {
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
}
