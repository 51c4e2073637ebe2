import * as tf from '@tensorflow/tfjs-core';
import { flatten } from './operate-step.js';

/** Values of a block of rows; there are some copies of one at a time, and a product is fast long before it is this large. */
const blockValues = 32e6;

/** Rows of a matrix that outputs of a step are multiplied by, drawn as they are needed: the matrix may be larger than all other memory. */
export type ProjectionRows = {
  readonly count: number;
  /** Fills in the next rows, shape (rows, features), row-major. */
  readonly next: (target: Float32Array) => void;
};

/**
 * A matrix in the open backend, in blocks.
 *
 * Holds it outside the garbage collector's reach: call {@link dispose}.
 */
export class Projection {
  /** Transposed, shape (features, rows) each: the backends are fastest with plain products. */
  readonly #blocks: readonly tf.Tensor2D[];

  constructor(features: number, { count, next }: ProjectionRows) {
    const most = Math.max(1, Math.floor(blockValues / features));
    this.#blocks = Array.from({ length: Math.ceil(count / most) }, (_, block) => {
      const rows = Math.min(most, count - block * most);
      const values = new Float32Array(rows * features);
      next(values);
      return tf.tidy(() => tf.transpose(tf.tensor2d(values, [rows, features])));
    });
  }

  /** Multiplies each output, flattened; shape (batch, rows). */
  apply(outputs: tf.Tensor): tf.Tensor2D {
    const flat = flatten(outputs);
    const products = this.#blocks.map((block) => tf.matMul(flat, block));
    return products.length === 1 ? products[0]! as tf.Tensor2D : tf.concat(products, 1) as tf.Tensor2D;
  }

  dispose(): void {
    tf.dispose([...this.#blocks]);
  }
}
