import type { ParameterShape } from '../description/layer.js';

/** Most names listed of each kind of difference. */
const mostListed = 3;

/**
 * Compares parameters with those that a network has.
 *
 * @throws RangeError that names the first few that are missing, unexpected or of another shape.
 */
export function checkParameters(expected: readonly ParameterShape[], given: readonly { readonly name: string; readonly shape: readonly number[] }[]): void {
  const shapeOf = new Map(given.map(({ name, shape }) => [name, shape]));
  const names = new Set(expected.map(({ name }) => name));
  const differences = [
    ...listed(expected.flatMap(({ name, shape }) => {
      const own = shapeOf.get(name);
      return own && own.join() !== shape.join() ? [`${name} must have shape (${shape.join(', ')}) and has (${own.join(', ')})`] : [];
    })),
    ...listed(expected.filter(({ name }) => !shapeOf.has(name)).map(({ name, shape }) => `${name} (${shape.join(', ')}) is missing`)),
    ...listed(given.filter(({ name }) => !names.has(name)).map(({ name, shape }) => `${name} (${shape.join(', ')}) is unexpected`)),
  ];
  if (differences.length === 0) return;
  throw new RangeError(`Network.restore: parameters must be those of the network; ${differences.join('; ')}. They are of another architecture.`);
}

function listed(differences: readonly string[]): string[] {
  const more = differences.length - mostListed;
  return more > 0 ? [...differences.slice(0, mostListed), `${more} more like it`] : [...differences];
}
