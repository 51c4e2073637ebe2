import type { Reading } from './reading.js';
import { show } from './names.js';
import { nearest } from './validate.js';

/** Stage names, each after those it takes inputs from. @throws PipelineError for a cycle or an unknown name. */
export function stageOrder(reading: Reading): string[] {
  const { stages } = reading.content;
  const needs = new Map(Object.keys(stages).map((name) => [name, neededBy(name, reading)]));
  const order = new Set<string>();
  for (const root of needs.keys()) {
    if (order.has(root)) continue;
    // The stages on the way from the root, and how many of the needs of each are done. No recursion: a chain may be long.
    const trail = [{ name: root, done: 0 }];
    const open = new Set([root]);
    for (let last = trail.at(-1); last !== undefined; last = trail.at(-1)) {
      const next = needs.get(last.name)![last.done++];
      if (next === undefined) {
        order.add(last.name);
        open.delete(last.name);
        trail.pop();
      } else if (open.has(next)) {
        const names = trail.map(({ name }) => name);
        throw reading.file.error(`the stages form a cycle: ${shorten([...names.slice(names.indexOf(next)), next])}.`, ['stages', next, 'in']);
      } else if (!order.has(next)) {
        trail.push({ name: next, done: 0 });
        open.add(next);
      }
    }
  }
  return [...order];
}

function neededBy(name: string, reading: Reading): string[] {
  const { stages } = reading.content;
  return Object.entries(stages[name]!.in).flatMap(([port, texts]) => [texts].flat().map((text) => {
    // The rest of a reference may hold expressions; only the stage's name is needed for the order.
    const needed = /^\s*([A-Za-z][\w-]*)/.exec(text)?.[1];
    const keys = ['stages', name, 'in', port];
    if (needed === undefined) return reading.fail(`${show(text)}: it is no reference. Write STAGE, STAGE.OUTPUT, STAGE.OUTPUT/MEMBER, STAGE[key=value] or STAGE[*].`, keys);
    return Object.hasOwn(stages, needed) ? needed : reading.fail(`there is no stage "${needed}".${nearest(needed, Object.keys(stages))}`, keys);
  }));
}

function shorten(names: readonly string[]): string {
  return (names.length <= 12 ? names : [...names.slice(0, 6), `(${names.length - 12} more)`, ...names.slice(-6)]).join(' -> ');
}
