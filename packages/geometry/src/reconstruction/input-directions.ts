import { hadamardProjection, type RandomStream } from '@memgeo/numerics';

/** Inputs of a network, one row per example. */
export type Inputs = {
  /** Row-major, shape `shape`; any unit. Not modified. */
  readonly data: Float32Array | Uint8Array;
  /** (examples, values per example). */
  readonly shape: readonly [number, number];
};

/** What a decoder is asked for: the values of an input, or their parts along some directions. */
export type DecodingTargets = {
  readonly width: number;
  readonly isProjected: boolean;
  /** Shape (width), float64. */
  readonly of: (example: number) => Float64Array;
};

/**
 * Looks at inputs along random directions if they have more values than that, as they are otherwise.
 *
 * Random directions treat all values alike, so that the share of variance that a decoder explains along them is that over all
 * values, up to an error that falls with the root of their number; principal directions would leave out what is hard to decode.
 * Each example is projected when it is first asked for, and kept.
 *
 * @param options.directions  Most directions.
 * @param options.random  Stream of the projection.
 * @throws RangeError if sizes disagree; later if an example is none of the inputs.
 */
export function decodingTargets({ data, shape: [count, width] }: Inputs, { directions, random }: { directions: number; random: RandomStream }): DecodingTargets {
  if (!(width >= 1) || data.length !== count * width) throw new RangeError(`decodingTargets: data must have examples x values = ${count} x ${width} elements; got ${data.length}.`);
  const isProjected = width > directions;
  const project = isProjected ? hadamardProjection(width, { kept: directions, random }) : undefined;
  const known = new Map<number, Float64Array>();
  const read = (example: number): Float64Array => {
    if (!Number.isInteger(example) || example < 0 || example >= count) {
      throw new RangeError(`decodingTargets: an exampleId must be a row of the inputs, 0 to ${count - 1}; got ${example}. Give the data that the activations come from.`);
    }
    const row = data.subarray(example * width, (example + 1) * width);
    const values = new Float64Array(project ? directions : width);
    if (project) project(row, values, 0);
    else values.set(row);
    return values;
  };
  return {
    width: isProjected ? directions : width,
    isProjected,
    of: (example) => {
      const values = known.get(example) ?? read(example);
      known.set(example, values);
      return values;
    },
  };
}
