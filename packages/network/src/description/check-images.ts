import type { NetworkDescription } from './network-spec.js';
import { sizeOfShape } from './shapes.js';

/**
 * Compares images with those a network was made for.
 *
 * @param images.shape  (images, values), or with more axes.
 * @param images.metadata  `classNames`, if it has them, are as many as classes.
 * @throws RangeError if they have another size or other classes.
 */
export function checkImages({ shape, metadata: { classNames } }: { readonly shape: readonly number[]; readonly metadata: { readonly [key: string]: unknown } }, { inputShape, classCount }: NetworkDescription): void {
  const values = sizeOfShape(shape.slice(1));
  const advice = 'Give the data that the network was trained on.';
  if (values !== inputShape[0] * inputShape[1] * inputShape[2]) throw new RangeError(`data must have images of ${inputShape.join(' x ')} as the network takes them; they have ${values} values. ${advice}`);
  if (Array.isArray(classNames) && classNames.length !== classCount) throw new RangeError(`data must have the ${classCount} classes of the network; it has ${classNames.length}. ${advice}`);
}
