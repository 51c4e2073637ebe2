import { WeightsFileError, shownName, shownShape } from './weights-file-error.js';

/** Bytes that one value takes, of the types a header may name; sub-byte types are not among them. */
const valueBytes = new Map(Object.entries({
  BOOL: 1, U8: 1, I8: 1, F8_E5M2: 1, F8_E4M3: 1, F8_E8M0: 1, F8_E4M3FNUZ: 1, F8_E5M2FNUZ: 1,
  U16: 2, I16: 2, F16: 2, BF16: 2, U32: 4, I32: 4, F32: 4, U64: 8, I64: 8, F64: 8, C64: 8,
}));
/** The format allows more; 30,000 tensors fit. */
export const maxHeaderBytes = 4 * 1024 * 1024;
const maxRank = 32;

/** One tensor as the header describes it. */
export type SafetensorsEntry = {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Where its bytes begin and end, from the end of the header on. */
  readonly begin: number;
  readonly end: number;
};

export type SafetensorsHeader = { readonly entries: ReadonlyMap<string, SafetensorsEntry>; readonly metadata: ReadonlyMap<string, string> };

/**
 * Reads the JSON header of a safetensors file and checks every statement in it.
 *
 * Strict as the format is: each byte behind the header belongs to exactly one tensor, and no name stands there twice.
 *
 * @param header  The bytes between the length and the data.
 * @param options.dataBytes  How many bytes follow the header.
 * @param options.file  For messages.
 * @throws WeightsFileError if anything does not hold.
 */
export function parseSafetensorsHeader(header: Uint8Array, { dataBytes, file }: { dataBytes: number; file: string }): SafetensorsHeader {
  const fail = (what: string): never => { throw new WeightsFileError(`${file} must be a safetensors file; ${what}. Save it again.`); };
  const content = parseObject(header, fail);
  const metadata = new Map<string, string>();
  const entries = new Map<string, SafetensorsEntry>();
  for (const [name, value] of Object.entries(content)) {
    if (name !== '__metadata__') entries.set(name, entryOf(value, name, fail));
    else if (!isObject(value)) fail('its __metadata__ is no object');
    else {
      for (const [key, text] of Object.entries(value)) {
        if (typeof text !== 'string') fail(`${shownName(key)} in its __metadata__ is no text`);
        metadata.set(key, text as string);
      }
    }
  }
  checkCover(entries, dataBytes, fail);
  return { entries, metadata };
}

type Fail = (what: string) => never;

function parseObject(header: Uint8Array, fail: Fail): { [name: string]: unknown } {
  if (header[0] !== 0x7b) fail('its header does not begin with "{"');
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(header);
  } catch {
    fail('its header is not UTF-8');
  }
  checkKeys(text, fail);
  try {
    return JSON.parse(text) as { [name: string]: unknown };
  } catch {
    return fail('its header is not JSON');
  }
}

/** Finds what JSON.parse hides or suffers from: names that stand in an object twice, and deep nesting. One pass, also over text that is not JSON. */
function checkKeys(text: string, fail: Fail): void {
  const open: Set<string>[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === '{' || character === '[') {
      open.push(new Set());
      if (open.length > 3) fail('its header is nested too deep');
    } else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      let end = i + 1;
      while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
      let next = end + 1;
      while (/\s/.test(text[next] ?? '')) next++;
      if (text[next] === ':' && open.length > 0) {
        const key = keyOf(text.slice(i, end + 1), fail);
        if (open.at(-1)!.has(key)) fail(`${shownName(key)} stands in its header twice`);
        open.at(-1)!.add(key);
      }
      i = end;
    }
  }
}

function keyOf(quoted: string, fail: Fail): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return fail('its header is not JSON');
  }
}

function entryOf(value: unknown, name: string, fail: Fail): SafetensorsEntry {
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {};
  const shown = shownName(name);
  const size = typeof dtype === 'string' ? valueBytes.get(dtype) : undefined;
  if (size === undefined) return fail(`the type of ${shown} is ${typeof dtype === 'string' ? shownName(dtype) : 'missing'}, which is none that can be read`);
  if (!isCounts(shape) || shape.length > maxRank) return fail(`the shape of ${shown} is no list of at most ${maxRank} sizes`);
  if (!isCounts(offsets) || offsets.length !== 2) return fail(`the data_offsets of ${shown} are no two positions`);
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, length) => product * length, size);
  if (bytes !== end - begin) return fail(`${shown} of type ${String(dtype)} and shape ${shownShape(shape)} takes ${bytes} bytes, and its data_offsets span ${end - begin}`);
  return { dtype: dtype as string, shape, begin, end };
}

/** The tensors must cover the data without overlap or gap. */
function checkCover(entries: ReadonlyMap<string, SafetensorsEntry>, dataBytes: number, fail: Fail): void {
  const inOrder = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const [name, { begin, end }] of inOrder) {
    if (end > dataBytes) fail(`${shownName(name)} ends at byte ${end} of the data, of which there are ${dataBytes}: the file is cut short, or damaged`);
    if (begin < position) fail(`${shownName(name)} begins at byte ${begin} of the data, inside the tensor before it, which ends at ${position}`);
    if (begin > position) fail(`bytes ${position} to ${begin} of the data belong to no tensor`);
    position = end;
  }
  if (position !== dataBytes) fail(`bytes ${position} to ${dataBytes} of the data belong to no tensor`);
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
