import type { Json } from '@memgeo/artifacts';

const longest = 120;

/** As in `learningRate 0.02, network {"kind":"mlp"}`; empty if there are none. */
export function describeParams(params: { readonly [name: string]: Json }): string {
  return Object.entries(params).map(([name, value]) => `${name} ${shorten(typeof value === 'string' && /^[\w./-]+$/.test(value) ? value : JSON.stringify(value))}`).join(', ');
}

/** The beginning of a text that is too long to be read in passing. */
export function shorten(text: string, length = longest): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}
