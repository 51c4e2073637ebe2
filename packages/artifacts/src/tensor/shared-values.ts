import { constants } from 'node:buffer';
import { ArtifactError } from '../artifact-error.js';
import type { TensorDtype } from './tensor.js';

/**
 * Makes room for the values of a tensor in memory that worker threads can read without a copy.
 *
 * @param options.path  For the message.
 * @throws ArtifactError if there are more values than a typed array of this Node.js takes, or memory is short.
 */
export function sharedValues<D extends TensorDtype>(dtype: D, length: number, { path }: { path: string }): D extends 'uint8' ? Uint8Array : Float32Array {
  const advice = 'Split the file, as by layer, or project the activations to fewer features.';
  // One limit for elements and for bytes of a Buffer, by the engine's own count.
  if (length > constants.MAX_LENGTH) throw new ArtifactError(`sharedValues: ${path} must have at most ${constants.MAX_LENGTH} values, as many as an array of Node.js ${process.version} holds; it has ${length}. ${advice}`, { path });
  try {
    const buffer = new SharedArrayBuffer(length * (dtype === 'uint8' ? 1 : 4));
    return (dtype === 'uint8' ? new Uint8Array(buffer) : new Float32Array(buffer)) as D extends 'uint8' ? Uint8Array : Float32Array;
  } catch (cause) {
    throw new ArtifactError(`sharedValues: the ${length} values of ${path} don't fit the memory: ${(cause as Error).message}. ${advice}`, { path, cause });
  }
}

/** The bytes behind some of the values, for reading a file straight into them. */
export function bytesOf(values: Float32Array | Uint8Array, first: number, end: number): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset + first * values.BYTES_PER_ELEMENT, (end - first) * values.BYTES_PER_ELEMENT);
}
