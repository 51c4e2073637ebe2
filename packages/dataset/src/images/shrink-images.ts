/** Images of one size, one per row, shape (count, height * width * channels), channels last. */
type Images<D extends Uint8Array | Float32Array> = { readonly data: D; readonly height: number; readonly width: number; readonly channels: number };

/**
 * Averages square blocks of pixels, so that images become smaller and networks for them cheaper.
 *
 * Rows and columns at the right and lower edge that fill no block are left out. Means of uint8 pixels are rounded.
 *
 * @param images  Not modified.
 * @param options.factor  Pixels along the side of a block, at least 1; 1 gives the images as they are.
 * @throws RangeError if no block fits.
 */
export function shrinkImages<D extends Uint8Array | Float32Array>(images: Images<D>, { factor }: { factor: number }): Images<D> {
  if (factor === 1) return images;
  const { data, height, width, channels } = images;
  const [rows, columns] = [Math.floor(height / factor), Math.floor(width / factor)];
  if (rows < 1 || columns < 1) throw new RangeError(`shrink must be at most ${Math.min(height, width)}, the side of the images; got ${factor}.`);
  const count = data.length / (height * width * channels);
  const small = (data instanceof Uint8Array ? new Uint8Array(count * rows * columns * channels) : new Float32Array(count * rows * columns * channels)) as D;
  for (let image = 0, target = 0; image < count; image++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        for (let c = 0; c < channels; c++, target++) {
          let sum = 0;
          for (let v = 0; v < factor; v++) for (let u = 0; u < factor; u++) sum += data[((image * height + y * factor + v) * width + x * factor + u) * channels + c]!;
          const mean = sum / (factor * factor);
          small[target] = data instanceof Uint8Array ? Math.round(mean) : mean;
        }
      }
    }
  }
  return { data: small, height: rows, width: columns, channels };
}
