import type { Line } from '../figures/figure.js';
import { setColor } from '../rows/sets.js';
import { viridis } from './viridis.js';

/** The color of a line: by its place in the network or in training if it has one, else that of its set. */
export function lineColor({ set, place }: Pick<Line, 'set' | 'place'>, sets: readonly string[]): string {
  // The ends of the map would not stand out from a dark and from a white page.
  return place === undefined ? setColor(set, sets) : viridis(0.22 + 0.56 * place);
}
