/** Types of values that become float32, with their bytes. */
export const readableTypes: { readonly [dtype: string]: number } = { F32: 4, F16: 2, BF16: 2, F64: 8, I64: 8 };

/**
 * Turns little-endian values of a file into float32.
 *
 * @param bytes  Whole values, from the start of a buffer.
 * @param target  Written from its start; F64 and I64 are rounded.
 */
export function decodeValues(dtype: string, bytes: Uint8Array<ArrayBuffer>, target: Float32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (dtype === 'F32') for (let i = 0; i < target.length; i++) target[i] = view.getFloat32(4 * i, true);
  else if (dtype === 'F64') for (let i = 0; i < target.length; i++) target[i] = view.getFloat64(8 * i, true);
  else if (dtype === 'I64') for (let i = 0; i < target.length; i++) target[i] = Number(view.getBigInt64(8 * i, true));
  else if (dtype === 'F16') for (let i = 0; i < target.length; i++) target[i] = halfToNumber(view.getUint16(2 * i, true));
  else {
    const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
    for (let i = 0; i < target.length; i++) bits[i] = view.getUint16(2 * i, true) << 16;
  }
}

/** The value of a float16: sign, 5 bits of exponent, 10 of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** Bytes encoded at once. */
const pieceBytes = 16 * 1024 * 1024;

/** The little-endian bytes of float32 values, in pieces. */
export function* encodeValues(values: Float32Array): Generator<Uint8Array> {
  for (let first = 0; first < values.length; first += pieceBytes / 4) {
    const piece = values.subarray(first, first + pieceBytes / 4);
    const bytes = new Uint8Array(4 * piece.length);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < piece.length; i++) view.setFloat32(4 * i, piece[i]!, true);
    yield bytes;
  }
}
