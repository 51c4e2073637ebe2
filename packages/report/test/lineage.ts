import { createHash } from 'node:crypto';
import type { LineageNode } from '@memgeo/stage';

/** A key as the runner makes it. */
export function keyOf(point: string): string {
  return createHash('sha256').update(point).digest('hex');
}

/** The record of an action, as the runner hands it on. */
export function action(point: string, { stage = `${point.split('[')[0]!}/run`, upstream = [], environment = { memgeo: '0.1.0', node: 'v20.19.0', cpu: 'a processor' }, facts = {}, params = {} }: Partial<Omit<LineageNode, 'upstream'>> & { upstream?: readonly string[] } = {}): LineageNode {
  return { point, stage, key: keyOf(point), params, upstream: upstream.map(keyOf), startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1500, peakMemoryBytes: 2 ** 30, environment, facts };
}
