import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planCollection, type KeepPolicy } from '../../src/care/collection-plan.js';
import type { Inventory, StoredAction } from '../../src/care/inventory.js';
import { bytesOf } from '../../src/care/inventory.js';

const day = 86_400_000;
const now = Date.parse('2030-01-01');

function inventory(actions: readonly Partial<StoredAction>[], more: Partial<Inventory> = {}): Inventory {
  const complete = actions.map((action, i): StoredAction => ({
    key: `k${i}`, point: `p${i}`, stage: 's', objects: [], bytes: 0, ownBytes: 0, madeAt: now, durationMs: 1000, lastUsed: { at: now, run: null }, isPinned: false, isLeased: false, missing: 0, ...action,
  }));
  const objects = new Map(complete.flatMap(({ objects: digests, bytes }) => digests.map((digest) => [digest, bytes / digests.length] as const)));
  return { folder: '/s', actions: complete, objects, runs: [], pins: [], quarantine: [], failed: [], states: [], work: [], logs: [], ...more };
}
const used = (days: number, more: Partial<StoredAction> = {}): Partial<StoredAction> => ({ lastUsed: { at: now - days * day, run: null }, ...more });
const going = (stock: Inventory, policy: Partial<KeepPolicy>) => planCollection(stock, { olderThanMs: 30 * day, keepRuns: 0, ...policy }, now).actions.map(({ action, because }) => `${action.key} ${because}`);

describe('planCollection()', () => {
  test('lets go what was not used within the age', () => {
    expect(going(inventory([used(1), used(29), used(31), used(400)]), {})).toEqual(['k2 age', 'k3 age']);
  });

  test('keeps what is pinned and what is being made, whatever its age', () => {
    expect(going(inventory([used(400, { isPinned: true }), used(400, { isLeased: true }), used(400)]), { maxBytes: 0 })).toEqual(['k2 age']);
  });

  test('over the size, lets go what was used longest ago, until it fits', () => {
    const stock = inventory([used(3, { objects: ['a'], bytes: 10 }), used(1, { objects: ['b'], bytes: 10 }), used(2, { objects: ['c'], bytes: 10 })]);
    expect(going(stock, { maxBytes: 30 })).toEqual([]);
    expect(going(stock, { maxBytes: 20 })).toEqual(['k0 size']);
    expect(going(stock, { maxBytes: 15 })).toEqual(['k0 size', 'k2 size']);
  });

  test('of what was used at the same time, that goes first which frees most per second of its making', () => {
    const stock = inventory([
      used(1, { objects: ['a'], bytes: 100, ownBytes: 100, durationMs: 100_000 }), used(1, { objects: ['b'], bytes: 100, ownBytes: 100, durationMs: 1000 }), used(1, { objects: ['c'], bytes: 10, ownBytes: 10, durationMs: 1000 }),
    ]);
    expect(going(stock, { maxBytes: 150 })).toEqual(['k1 size']);
  });

  test('a shared object frees nothing until its last owner goes', () => {
    const stock = inventory([used(3, { objects: ['a'], bytes: 10 }), used(2, { objects: ['a'], bytes: 10 }), used(1, { objects: ['b'], bytes: 10 })]);
    expect(going(stock, { maxBytes: 10 })).toEqual(['k0 size', 'k1 size']);
  });

  test('says by how much the store stays over the size if no more may go', () => {
    const stock = inventory([used(3, { objects: ['a'], bytes: 10, isPinned: true })]);
    expect(planCollection(stock, { olderThanMs: day, keepRuns: 0, maxBytes: 4 }, now)).toMatchObject({ actions: [], overBytes: 6 });
  });

  test('never lets a safe action go, never one for its size while it fits, and tells what remains to the byte', () => {
    const action = fc.record({ days: fc.nat(60), objects: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 3 }), isPinned: fc.boolean(), isLeased: fc.boolean() });
    fc.assert(fc.property(fc.array(action, { maxLength: 12 }), fc.nat(60), fc.option(fc.nat(500), { nil: undefined }), (actions, age, maxBytes) => {
      const objects = new Map(['a', 'b', 'c', 'd', 'e', 'f', 'stray'].map((name, i) => [name, 10 * (i + 1)] as const));
      const stock = inventory(actions.map(({ days, ...action }) => used(days, action)), { objects });
      const plan = planCollection(stock, { olderThanMs: age * day, keepRuns: 0, maxBytes }, now);
      const gone = new Set(plan.actions.map(({ action }) => action));
      expect(plan.actions.some(({ action }) => action.isPinned || action.isLeased)).toBe(false);
      const left = stock.actions.filter((candidate) => !gone.has(candidate));
      expect(plan.keptBytes).toBe(bytesOf(stock, left.flatMap(({ objects: digests }) => digests)));
      expect(plan.bytes + plan.keptBytes).toBe(bytesOf(stock, objects.keys()));
      const last = plan.actions.at(-1);
      if (last?.because === 'size') expect(bytesOf(stock, [...left, last.action].flatMap(({ objects: digests }) => digests))).toBeGreaterThan(maxBytes!);
      if (maxBytes !== undefined && plan.overBytes > 0) expect(left.every(({ isPinned, isLeased }) => isPinned || isLeased)).toBe(true);
    }), { seed: 5, numRuns: 500 });
  });
});
