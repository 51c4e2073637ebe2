import { endianness } from 'node:os';
import { ArtifactError } from '../artifact-error.js';
import type { ByteSource } from './byte-source.js';

/** What one element is: boolean, signed, unsigned, floating, bytes or text; or why it can't be read. */
export type NpyDtype =
  | { readonly kind: 'b' | 'i' | 'u' | 'f' | 'S' | 'U'; readonly itemBytes: number; readonly isSwapped: boolean }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What precedes the values of a `.npy` file. */
export type NpyHeader = { readonly dtype: NpyDtype; readonly isFortran: boolean; readonly shape: readonly number[]; readonly count: number };

/** NumPy itself refuses headers beyond 10,000 characters. */
const maxHeaderBytes = 65_536;
const maxRank = 64;
/** Characters in one text; nobody's name is longer. */
const maxTextLength = 65_536;
const latin1 = new TextDecoder('latin1');

/**
 * Reads the header of a `.npy` file, formats 1.0 to 3.0, and leaves the source at the first value.
 *
 * @throws ArtifactError if it is none, or the shape needs more or fewer bytes than follow.
 */
export async function readNpyHeader(source: ByteSource): Promise<NpyHeader> {
  const { name, bytes } = source;
  const refuse = (message: string): never => { throw new ArtifactError(`readNpyHeader: ${name} ${message}`, { path: name }); };
  if (bytes < 10) refuse(`must be a .npy file; it has ${bytes} bytes.`);
  const start = new Uint8Array(8);
  await source.fill(start);
  if (latin1.decode(start.subarray(0, 6)) !== '\u0093NUMPY') refuse('must be a .npy file; it does not begin as one.');
  const version = start[6]!;
  if (version < 1 || version > 3) refuse(`must be a .npy file of format 1, 2 or 3; it is ${version}.${start[7]}.`);
  const size = new Uint8Array(version === 1 ? 2 : 4);
  if (8 + size.length > bytes) refuse('is cut short inside its header.');
  await source.fill(size);
  const length = size.reduceRight((sum, byte) => sum * 256 + byte, 0);
  const valuesAt = 8 + size.length + length;
  if (length > maxHeaderBytes) refuse(`must have a header of at most ${maxHeaderBytes} bytes; it says ${length}.`);
  if (valuesAt > bytes) refuse(`must have a header of ${length} bytes; it ends after ${bytes - 8 - size.length}.`);
  const text = new Uint8Array(length);
  await source.fill(text);
  const { descr, isFortran, shape } = parseHeader((version === 3 ? new TextDecoder() : latin1).decode(text), refuse);
  const dtype = parseDtype(descr);
  const count = shape.includes(0) ? 0 : shape.reduce((product, n) => product * n, 1);
  if (shape.length > maxRank) refuse(`must have at most ${maxRank} axes; it has ${shape.length}.`);
  if (![...shape, count].every(Number.isSafeInteger)) refuse(`must have a shape of whole numbers with a product below 2^53; got (${shape.join(', ')}).`);
  if (dtype.kind !== 'unreadable' && count * dtype.itemBytes !== bytes - valuesAt) {
    refuse(`must have ${count * dtype.itemBytes} bytes of values for shape (${shape.join(', ')}) and dtype ${descr}; it has ${bytes - valuesAt}. Is the file cut short, or does it hold more than one array?`);
  }
  return { dtype, isFortran, shape, count };
}

/** One token of the Python literal a header is: a text without escapes, a whole number, a truth value or a sign. */
const token = /\s*(?:'([^'\\\n]*)'|"([^"\\\n]*)"|(\d+)L?|(True|False)|([{}()[\]:,]))/y;
type Token = string | number | boolean | { readonly sign: string };

/** Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, those keys in any order and no other. */
function parseHeader(text: string, refuse: (message: string) => never): { descr: string; isFortran: boolean; shape: number[] } {
  const trimmed = text.trimEnd();
  const malformed = (): never => refuse(`must have a header with descr, fortran_order and shape; got "${trimmed.slice(0, 120)}".`);
  const tokens: Token[] = [];
  for (token.lastIndex = 0; token.lastIndex < trimmed.length;) {
    const [, single, double, digits, truth, sign] = token.exec(trimmed) ?? malformed();
    tokens.push(single ?? double ?? (digits !== undefined ? Number(digits) : truth !== undefined ? truth === 'True' : { sign: sign! }));
  }
  let at = 0;
  const isSign = (wanted: string): boolean => typeof tokens[at] === 'object' && (tokens[at] as { sign: string }).sign === wanted;
  const takes = (wanted: string): boolean => isSign(wanted) && ++at > 0;
  const expect = (wanted: string): void => { if (!takes(wanted)) malformed(); };
  const readShape = (): number[] => {
    const shape: number[] = [];
    expect('(');
    while (!takes(')')) {
      const size = tokens[at++];
      if (typeof size !== 'number') return malformed();
      shape.push(size);
      if (!isSign(')')) expect(',');
    }
    return shape;
  };
  const found = new Map<string, unknown>();
  expect('{');
  while (!takes('}')) {
    const key = tokens[at++];
    expect(':');
    if (key === 'descr' && isSign('[')) return refuse('holds records (a structured dtype). Save each field as an array of its own.');
    if (typeof key !== 'string' || found.has(key)) return malformed();
    found.set(key, key === 'shape' ? readShape() : tokens[at++]);
    if (!isSign('}')) expect(',');
  }
  const [descr, isFortran, shape] = ['descr', 'fortran_order', 'shape'].map((key) => found.get(key));
  if (at !== tokens.length || found.size !== 3 || typeof descr !== 'string' || typeof isFortran !== 'boolean' || shape === undefined) return malformed();
  return { descr, isFortran, shape: shape as number[] };
}

function parseDtype(descr: string): NpyDtype {
  const [, order, letter, digits] = /^([<>|=]?)([a-zA-Z])(\d{0,9})/.exec(descr) ?? [];
  const size = Number(digits);
  const unreadable = (reason: string): NpyDtype => ({ kind: 'unreadable', reason: `has dtype ${descr}: ${reason}` });
  const isSwapped = order === (endianness() === 'LE' ? '>' : '<');
  if (descr === `${order}${letter}${digits}`) {
    if (letter === 'b' && size === 1) return { kind: 'b', itemBytes: 1, isSwapped };
    if (letter === 'f' && [2, 4, 8].includes(size)) return { kind: 'f', itemBytes: size, isSwapped };
    if ((letter === 'i' || letter === 'u') && [1, 2, 4, 8].includes(size)) return { kind: letter, itemBytes: size, isSwapped };
    if (letter === 'S' && size > 0 && size <= maxTextLength) return { kind: 'S', itemBytes: size, isSwapped };
    if (letter === 'U' && size > 0 && size <= maxTextLength) return { kind: 'U', itemBytes: size * 4, isSwapped };
  }
  if ((letter === 'S' || letter === 'U') && size > maxTextLength) return unreadable(`its texts must have at most ${maxTextLength} characters.`);
  if (letter === 'O') return unreadable('Python objects, which only pickle can read. Save it with a numeric dtype, as by array.astype(np.float32), and class names as text, by array.astype(str).');
  if (letter === 'c') return unreadable('complex numbers. Save their real and imaginary parts side by side.');
  if (letter === 'V') return unreadable('raw bytes, as bfloat16 is saved. Convert it first, as by tensor.float().');
  return unreadable('it must be bool, an integer of up to 8 bytes, float16, float32, float64 or text.');
}
