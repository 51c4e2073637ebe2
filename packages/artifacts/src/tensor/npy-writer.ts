import { endianness } from 'node:os';
import { writeFileDigested } from '../digest/files.js';
import { bytesOf } from './shared-values.js';
import { validateTensor, type Tensor } from './tensor.js';

const alignment = 64;
const pieceValues = 16 * 1024 * 1024;

/**
 * Writes the values of a tensor as a `.npy` file (format 1.0, C order, float32 or uint8) that `numpy.load` opens.
 *
 * Row columns and metadata are left out; see {@link writeRowsCsv}.
 *
 * @param path  The file to make; it must not exist.
 */
export async function writeNpyTensor(path: string, tensor: Tensor): Promise<void> {
  validateTensor(tensor, 'writeNpyTensor');
  const { data, shape } = tensor;
  const descr = data.BYTES_PER_ELEMENT === 1 ? '|u1' : endianness() === 'LE' ? '<f4' : '>f4';
  const literal = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const headerLength = Math.ceil((10 + literal.length + 1) / alignment) * alignment;
  const header = Buffer.alloc(headerLength, ' ');
  header.write('\u0093NUMPY\u0001\u0000', 'latin1');
  header.writeUInt16LE(headerLength - 10, 8);
  header.write(`${literal.padEnd(headerLength - 11)}\n`, 10, 'latin1');
  await writeFileDigested(path, (function* () {
    yield header;
    for (let first = 0; first < data.length; first += pieceValues) yield bytesOf(data, first, Math.min(first + pieceValues, data.length));
  })());
}
