import { StageError, type InputPoint } from '@memgeo/stage';

/** The epoch of activations: what they say, else their coordinate in the pipeline, else their position in the input. */
export function epochOf(epoch: number | null, coordinates: InputPoint['coordinates'], position: number): number {
  return epoch ?? numberOf(coordinates.epoch) ?? position;
}

/** A coordinate may have come as text. */
function numberOf(value: string | number | boolean | undefined): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** What activations of one layer and epoch are called in messages. */
export function nameLayerAt(layer: string, epoch: number): string {
  return `${layer} at epoch ${epoch}`;
}

/** @throws StageError that begins with `caller` if two activations are of one layer and epoch, as those of two seeds are. */
export function refuseRepeated(names: readonly string[], caller: string): void {
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined) throw new StageError(`${caller}: the activations must differ in layer or epoch; there are two of ${repeated}. Compare one seed or setting at a time.`);
}
