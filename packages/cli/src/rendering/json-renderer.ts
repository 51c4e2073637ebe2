import type { RunEvent } from '@memgeo/pipeline';

/** Writes each event as a line of JSON with its time, for programs. */
export function jsonRenderer(write: (line: string) => void, clock: () => number = Date.now): (event: RunEvent) => void {
  return (event) => write(JSON.stringify({ time: new Date(clock()).toISOString(), ...event }));
}
