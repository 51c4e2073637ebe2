import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean cross-entropy of softmax, in nats, differentiable with respect to the logits.
 *
 * @param logits  Shape (batch, classes).
 * @param labels  Class of each row.
 * @param options.labelSmoothing  Share of each target that is spread evenly over all classes [szegedy2016rethinking].
 * @param options.of  Examples of the whole batch, where these are a part of it: the sum is divided by that. Default: these.
 */
export function crossEntropy(logits: tf.Tensor2D, labels: ArrayLike<number>, { labelSmoothing = 0, of }: { labelSmoothing?: number; of?: number } = {}): tf.Scalar {
  const [batch, classes] = logits.shape;
  const count = of ?? batch;
  const shares = new Float32Array(batch * classes).fill(labelSmoothing / classes);
  for (let i = 0; i < batch; i++) shares[i * classes + labels[i]!]! += 1 - labelSmoothing;
  const targets = tf.tensor2d(shares, [batch, classes]);
  const loss = tf.customGrad((...operands) => {
    const [x, save] = operands as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    const shifted = tf.sub(x, tf.max(x, 1, true));
    const exponentials = tf.exp(shifted);
    const sums = tf.sum(exponentials, 1, true);
    save([tf.div(tf.sub(tf.div(exponentials, sums), targets), count)]);
    const value = tf.div(tf.sum(tf.sub(tf.log(sums), tf.sum(tf.mul(targets, shifted), 1, true))), count);
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0]!) };
  });
  return loss(logits) as tf.Scalar;
}

/**
 * Loss and accuracy from logits.
 *
 * @param logits  Shape (count, classes), row-major.
 * @param labels  Class per row.
 * @returns mean cross-entropy in nats; fraction of rows whose largest logit is that of the label.
 */
export function scoreLogits(logits: Float32Array, labels: ArrayLike<number>): { loss: number; accuracy: number } {
  const count = labels.length;
  const classes = logits.length / count;
  let [loss, correct] = [0, 0];
  for (let i = 0; i < count; i++) {
    let best = 0;
    for (let k = 1; k < classes; k++) if (logits[i * classes + k]! > logits[i * classes + best]!) best = k;
    const largest = logits[i * classes + best]!;
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(logits[i * classes + k]! - largest);
    loss += Math.log(sum) + largest - logits[i * classes + labels[i]!]!;
    if (best === labels[i]) correct++;
  }
  return { loss: loss / count, accuracy: correct / count };
}
