import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelModule } from './kernel-module.js';
import { addressOf, withScratch, type WasmBackend } from './tfjs-memory.js';

/** Bytes of transformed tiles that are worked on at a time: what stays in a core's second cache. */
const chunkBytes = 2 ** 18;
const [fewestTiles, mostTiles] = [32, 512];

/** Whether the kernels of winograd.ts can do a convolution, and faster than others. */
export function suitsWinograd(info: backend_util.Conv2DInfo): boolean {
  const isThreeByThree = info.filterHeight === 3 && info.filterWidth === 3 && info.strideHeight === 1 && info.strideWidth === 1 && info.dilationHeight === 1 && info.dilationWidth === 1;
  return isThreeByThree && info.dataFormat === 'channelsLast' && [info.inChannels, info.outChannels].every((count) => count >= 8 && count % 4 === 0) && info.outHeight > 1 && info.outWidth > 1;
}

/** The convolution, perhaps with a bias and a rectifier; `filter` lies at the address that is given. */
export function convolve(
  kernels: KernelModule, backend: WasmBackend, x: TensorInfo, filter: number, info: backend_util.Conv2DInfo, { bias, isRectified = false }: { bias?: TensorInfo | undefined; isRectified?: boolean } = {},
): TensorInfo {
  const { inChannels, outChannels } = info;
  const output = backend.makeOutput([info.batchSize, info.outHeight, info.outWidth, outChannels], 'float32');
  const chunk = tilesAtATime(info);
  const filterSize = 16 * inChannels * 8 * Math.ceil(outChannels / 8);
  withScratch(backend, filterSize + 16 * chunk * (inChannels + outChannels + 4) + 16 * inChannels + 600, (_, scratch) => {
    kernels.transformFilter(filter, inChannels, outChannels, scratch);
    kernels.convolveByTiles(addressOf(backend, x), scratch, addressOf(backend, output), ...sizes(info), chunk, scratch + 4 * filterSize, bias ? addressOf(backend, bias) : 0, isRectified ? 1 : 0);
  });
  return output;
}

/** The gradient with respect to the input: a convolution with the turned, transposed filter. */
export function inputGradient(kernels: KernelModule, backend: WasmBackend, dy: TensorInfo, filter: TensorInfo, info: backend_util.Conv2DInfo): TensorInfo {
  const { inChannels, outChannels, inHeight, inWidth, outHeight, outWidth, padInfo } = info;
  const mirrored = {
    ...info, inChannels: outChannels, outChannels: inChannels, inHeight: outHeight, inWidth: outWidth, outHeight: inHeight, outWidth: inWidth,
    padInfo: { ...padInfo, top: 2 - padInfo.top, left: 2 - padInfo.left },
  };
  return withScratch(backend, 9 * inChannels * outChannels, (_, turned) => {
    kernels.turnFilter(addressOf(backend, filter), 9, inChannels, outChannels, turned);
    return convolve(kernels, backend, dy, turned, mirrored);
  });
}

export function filterGradient(kernels: KernelModule, backend: WasmBackend, x: TensorInfo, dy: TensorInfo, info: backend_util.Conv2DInfo): TensorInfo {
  const { inChannels, outChannels } = info;
  const output = backend.makeOutput([3, 3, inChannels, outChannels], 'float32');
  const chunk = tilesAtATime(info);
  withScratch(backend, 16 * chunk * (inChannels + outChannels + 4) + 16 * inChannels * outChannels + 16 * Math.max(inChannels, outChannels) + 600, (_, scratch) => {
    kernels.filterGradientByTiles(addressOf(backend, x), addressOf(backend, dy), addressOf(backend, output), ...sizes(info), chunk, scratch);
  });
  return output;
}

function tilesAtATime({ batchSize, outHeight, outWidth, inChannels, outChannels }: backend_util.Conv2DInfo): number {
  const all = batchSize * Math.ceil(outHeight / 2) * Math.ceil(outWidth / 2);
  const fitting = Math.floor(chunkBytes / (64 * (inChannels + outChannels)));
  return Math.ceil(Math.min(all, mostTiles, Math.max(fewestTiles, fitting)) / 4) * 4;
}

function sizes(info: backend_util.Conv2DInfo): [number, number, number, number, number, number, number, number, number] {
  return [info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth, info.outChannels, info.padInfo.top, info.padInfo.left];
}
