import { constants } from 'node:buffer';
import { totalmem } from 'node:os';
import { ArtifactError } from '../artifact-error.js';
import type { TensorDtype } from './tensor.js';

const advice = 'Split the file, as by layer, or project the activations to fewer features.';

/**
 * Makes room for the values of a tensor in memory that worker threads can read without a copy.
 *
 * @param options.path  For the message.
 * @throws ArtifactError if there are more values than a typed array of this Node.js takes, or memory is short.
 */
export function sharedValues<D extends TensorDtype>(dtype: D, length: number, { path }: { path: string }): D extends 'uint8' ? Uint8Array : Float32Array {
  const bytes = length * (dtype === 'uint8' ? 1 : 4);
  requireRoom(length, bytes, path);
  try {
    const buffer = new SharedArrayBuffer(bytes);
    return (dtype === 'uint8' ? new Uint8Array(buffer) : new Float32Array(buffer)) as D extends 'uint8' ? Uint8Array : Float32Array;
  } catch (cause) {
    throw new ArtifactError(`sharedValues: the ${length} values of ${path} don't fit the memory: ${(cause as Error).message}. ${advice}`, { path, cause });
  }
}

/** Makes room for whole numbers, under the same conditions. */
export function int32Values(length: number, { path }: { path: string }): Int32Array {
  requireRoom(length, 4 * length, path);
  try {
    return new Int32Array(length);
  } catch (cause) {
    throw new ArtifactError(`int32Values: the ${length} values of ${path} don't fit the memory: ${(cause as Error).message}. ${advice}`, { path, cause });
  }
}

/** The system grants more than there is and ends the process later, so what can't fit is refused here. */
function requireRoom(length: number, bytes: number, path: string): void {
  // One limit for elements and for bytes of a Buffer, by the engine's own count.
  if (length > constants.MAX_LENGTH) throw new ArtifactError(`sharedValues: ${path} must have at most ${constants.MAX_LENGTH} values, as many as an array of Node.js ${process.version} holds; it has ${length}. ${advice}`, { path });
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  if (bytes > memory) throw new ArtifactError(`sharedValues: the ${length} values of ${path} don't fit the memory: they take ${bytes} bytes, and this machine has ${memory}. ${advice}`, { path });
}

/** The bytes behind some of the values, for reading a file straight into them. */
export function bytesOf(values: Float32Array | Uint8Array, first: number, end: number): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset + first * values.BYTES_PER_ELEMENT, (end - first) * values.BYTES_PER_ELEMENT);
}
