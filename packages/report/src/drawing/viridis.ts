/** Stops of the viridis map, from 0 to 1: equal steps look equal, and stay apart for color-blind readers and in gray. */
const stops = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]] as const;

/** The color of a value from 0 dark to 1 bright; outside, that of the nearer end. */
export function viridis(value: number): string {
  return `#${channels(value).map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** The color of text that can be read on the color of a value. */
export function textOnViridis(value: number): string {
  const [red, green, blue] = channels(value) as [number, number, number];
  return 0.3 * red + 0.59 * green + 0.11 * blue < 130 ? '#fff' : '#000';
}

function channels(value: number): number[] {
  const at = Math.max(0, Math.min(1, value)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(at));
  return stops[index]!.map((low, c) => Math.round(low + (at - index) * (stops[index + 1]![c]! - low)));
}
