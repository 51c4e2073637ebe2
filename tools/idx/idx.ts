/** An array of unsigned bytes with its shape, as IDX files hold it. */
export type IdxArray = { readonly shape: readonly number[]; readonly data: Uint8Array };

const unsignedByte = 0x08;

/**
 * Encodes unsigned bytes in the IDX format of the MNIST files: two zero bytes, type 0x08, the number of dimensions, each
 * dimension as a big-endian 32-bit integer, then the bytes in row-major order.
 *
 * @param array.shape  One to 255 dimensions; their product is the length of the data.
 * @throws RangeError if shape and data do not fit together.
 */
export function encodeIdx({ shape, data }: IdxArray): Uint8Array {
  if (shape.length < 1 || shape.length > 255 || elementCount(shape) !== data.length) {
    throw new RangeError(`encodeIdx: shape must describe ${data.length} elements; got [${shape.join(', ')}].`);
  }
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, (unsignedByte << 8) | shape.length);
  shape.forEach((size, i) => view.setUint32(4 + 4 * i, size));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

/**
 * Decodes an IDX file of unsigned bytes.
 *
 * @returns The shape and a view of the data; nothing is copied.
 * @throws RangeError if the magic number is not 0x000008NN or the length is not the one that the header announces.
 */
export function decodeIdx(bytes: Uint8Array): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length < 4 ? 0 : view.getUint32(0);
  const rank = magic & 0xff;
  if (magic >>> 8 !== unsignedByte || rank === 0 || bytes.length < 4 + 4 * rank) {
    throw new RangeError(`decodeIdx: bytes must begin with 0x000008NN and NN dimensions; got 0x${magic.toString(16).padStart(8, '0')}.`);
  }
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const data = bytes.subarray(4 + 4 * rank);
  if (elementCount(shape) !== data.length) {
    throw new RangeError(`decodeIdx: bytes must hold ${elementCount(shape)} elements for shape [${shape.join(', ')}]; got ${data.length}.`);
  }
  return { shape, data };
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
