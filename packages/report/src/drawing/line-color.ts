import type { Line } from '../figures/figure.js';
import { setColor } from '../rows/sets.js';

/** From the first place to the last: blue, purple, vermilion. All stand out from a white page and from a dark one by a contrast of 3 or more. */
const places = [[0, 114, 178], [160, 105, 170], [213, 94, 0]] as const;

/** The color of a line: by its place in the network or in training if it has one, else that of its set. */
export function lineColor({ set, place }: Pick<Line, 'set' | 'place'>, sets: readonly string[]): string {
  if (place === undefined) return setColor(set, sets);
  const at = Math.max(0, Math.min(1, place)) * (places.length - 1);
  const index = Math.min(places.length - 2, Math.floor(at));
  const channels = places[index]!.map((low, channel) => Math.round(low + (at - index) * (places[index + 1]![channel]! - low)));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
