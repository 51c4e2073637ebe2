import { parseByteSize } from '@memgeo/pipeline';
import { InvalidArgumentError } from 'commander';

export const storeOption = ['--store <folder>', 'where results are kept', '.memgeo'] as const;
export const jsonOption = ['--json', 'for programs'] as const;
export const setOption = ['--set <key=value>', 'change a value, as params.seed=2 or stages.train.with.epochs=3; may be repeated', collect, [] as string[]] as const;

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

export function byteSize(text: string): number {
  try {
    return parseByteSize(text);
  } catch (cause) {
    throw new InvalidArgumentError(`It ${(cause as Error).message}.`);
  }
}

export function positiveInteger(text: string): number {
  return integerFrom(1, text);
}

export function wholeNumber(text: string): number {
  return integerFrom(0, text);
}

function integerFrom(least: number, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || text.trim() === '') throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
  return value;
}
