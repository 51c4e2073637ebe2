import { visibleText } from '@memgeo/artifacts';

/** Images of one split, one per row, with their true classes. */
export type LabeledImages = {
  /** Shape (count, height * width * channels), channels last. */
  readonly data: Uint8Array | Float32Array;
  /** Class of each image, shape (count). */
  readonly labels: Int32Array;
};

/** A labelled image set as a reader returns it. */
export type ImageSet = {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classNames: readonly string[];
  readonly train: LabeledImages;
  /** Absent if the source does not say which images to hold out. */
  readonly test?: LabeledImages;
};

/** A data file is missing, cut short, or not what it should be; names from files are shown, never obeyed by a terminal. */
export class DataFileError extends Error {
  override readonly name = 'DataFileError';

  constructor(message: string, options?: ErrorOptions) {
    super(visibleText(message), options);
  }
}

/**
 * Checks that every label names a class.
 *
 * @throws DataFileError with the place of the first that does not.
 */
export function checkLabels(labels: ArrayLike<number>, classCount: number, place: (index: number) => string): void {
  for (let i = 0; i < labels.length; i++) {
    if (!(labels[i]! >= 0 && labels[i]! < classCount)) throw new DataFileError(`${place(i)}: a label must be between 0 and ${classCount - 1}; got ${labels[i]}.`);
  }
}
