import { compiledKernels } from './compiled-kernels.js';

/** Functions of packages/numerics/kernels. Addresses and strides are in bytes, into {@link Kernels}' memory. */
export type KernelFunctions = {
  crossProducts(
    a: number, aStride: number, aCount: number, b: number, bStride: number, bCount: number, length: number, out: number, outStride: number, isLower: number,
  ): void;
  innerProduct(a: number, b: number, length: number): number;
  promote(y: number, x: number, length: number): void;
  scale(y: number, factor: number, length: number): void;
  addScaled(y: number, factor: number, x: number, length: number): void;
  addCombinations(
    out: number, outStride: number, outCount: number, coefficients: number, coefficientStride: number, x: number, xStride: number, xCount: number, length: number,
  ): void;
  factorGram(gram: number, L: number, count: number, stride: number, tolerance: number): number;
  orthonormalize(vectors: number, count: number, length: number, coordinates: number, scratch: number, tolerance: number): number;
  solveNonnegative(gram: number, count: number, b: number, vectors: number, a: number, outcome: number, scratch: number): void;
};

const pageBytes = 65_536;
/** All that WebAssembly can address. */
const mostPages = 65_536;

/**
 * The SIMD kernels of this thread and the memory they work on, given out as a stack.
 *
 * Every thread has its own, so none waits for another. The memory is declared shared only because views of such a memory
 * stay valid when it grows.
 */
export class Kernels {
  readonly functions: KernelFunctions;
  readonly #memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages, shared: true });
  #top = 16;

  constructor() {
    const module = new WebAssembly.Module(Buffer.from(compiledKernels, 'base64'));
    this.functions = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as unknown as KernelFunctions;
  }

  /**
   * Lends memory to a piece of work, and takes it back when it returns. May be nested.
   *
   * @param work  Gets a function that gives an array of so many zeros; its `byteOffset` is its address.
   */
  borrow<T>(work: (allocate: (length: number) => Float64Array) => T): T {
    const before = this.#top;
    try {
      return work((length) => this.#allocate(length));
    } finally {
      this.#top = before;
    }
  }

  /**
   * Copies float32 or float64 elements into the kernels' memory, as float64.
   *
   * @param target  In the kernels' memory; its length is that of the copy.
   */
  load(target: Float64Array, source: Float32Array | Float64Array, start: number): void {
    const part = source.subarray(start, start + target.length);
    if (part.BYTES_PER_ELEMENT === 8) {
      target.set(part);
      return;
    }
    this.borrow((allocate) => {
      const narrow = allocate((target.length + 1) >> 1);
      new Float32Array(narrow.buffer, narrow.byteOffset, target.length).set(part);
      this.functions.promote(target.byteOffset, narrow.byteOffset, target.length);
    });
  }

  #allocate(length: number): Float64Array {
    const start = this.#top;
    // A kernel may read 16 bytes at a time, up to 8 beyond an odd length.
    const end = start + 8 * length + 8;
    if (end > pageBytes * mostPages) throw new RangeError(`internal: a kernel needs ${((end - start) / 2 ** 30).toFixed(1)} GiB at once; WebAssembly has 4.`);
    const missing = Math.ceil((end - this.#memory.buffer.byteLength) / pageBytes);
    if (missing > 0) this.#memory.grow(missing);
    this.#top = 16 * Math.ceil(end / 16);
    const array = new Float64Array(this.#memory.buffer, start, length);
    return array.fill(0);
  }
}

let ofThisThread: Kernels | undefined;

/** The kernels of this thread, compiled at the first call. */
export function kernels(): Kernels {
  ofThisThread ??= new Kernels();
  return ofThisThread;
}
