import { PNG } from 'pngjs';
import type { Raster } from '../figures/figure.js';

/**
 * Encodes pixels as PNG, 8 bits per channel.
 *
 * @param raster  Pixels, row-major, gray or red, green, blue.
 * @param options.scale  Whole factor by which pixels are repeated in both directions, so that no viewer blurs them.
 */
export function encodePng({ width, height, channels, data }: Raster, { scale = 1 }: { scale?: number } = {}): Buffer {
  const png = new PNG({ width: width * scale, height: height * scale });
  for (let y = 0; y < png.height; y++) {
    for (let x = 0; x < png.width; x++) {
      const source = (Math.floor(y / scale) * width + Math.floor(x / scale)) * channels;
      const target = 4 * (y * png.width + x);
      for (let c = 0; c < 3; c++) png.data[target + c] = data[source + (channels === 1 ? 0 : c)]!;
      png.data[target + 3] = 255;
    }
  }
  return PNG.sync.write(png, { colorType: channels === 1 ? 0 : 2, filterType: 0 });
}
