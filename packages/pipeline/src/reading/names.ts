import { z } from 'zod';

/** What Windows keeps for devices, as a file of any name ending. */
const reserved = /^(?:con|nul|aux|prn|com[1-9]|lpt[1-9])$/i;

/** A name that can be a folder everywhere: of a pipeline, stage, parameter, axis, input or output. */
export const nameSchema = z.string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'must begin with a letter and hold letters (a to z), digits, "-" and "_" only')
  .max(64, 'must have at most 64 characters')
  .refine((name) => !reserved.test(name), 'must not be a name that Windows keeps for a device');

/** @returns what a value on an axis must be, if it is not; undefined if it is fine. */
export function whyNoAxisValue(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return undefined;
  if (typeof value !== 'string') return 'must be a number, true, false or a text';
  if (value.length < 1 || value.length > 100) return 'must have 1 to 100 characters';
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value)) return 'must not hold control characters';
  if (/[,=[\]|<>!]/.test(value)) return 'must not hold , = [ ] | < > or !, which selectors are written with';
  if (value !== value.trim()) return 'must not begin or end with a space';
  if (/\p{Surrogate}/u.test(value)) return 'must be well-formed Unicode';
  return undefined;
}

/** A value for a message: short, whatever it holds. */
export function show(value: unknown): string {
  const longest = 120;
  const write = (inner: unknown, room: number): string => {
    if (typeof inner === 'string') return JSON.stringify(inner.length > room ? `${inner.slice(0, Math.max(room, 0))}...` : inner);
    if (inner === null || typeof inner !== 'object') return String(inner);
    const isList = Array.isArray(inner);
    let text = '';
    for (const [key, item] of Object.entries(inner)) {
      if (text.length > room) return `${isList ? '[' : '{'}${text},...${isList ? ']' : '}'}`;
      text += `${text === '' ? '' : ','}${isList ? '' : `${JSON.stringify(key.slice(0, longest))}:`}${write(item, room - text.length)}`;
    }
    return isList ? `[${text}]` : `{${text}}`;
  };
  return write(value, longest);
}
