import { afterEach, expect, test } from '@jest/globals';
import { Threads, toShared } from '../../src/index.js';
import { squares, type SquaresContext } from './squares-work.js';

const pieces = 400;
let threads: Threads;
afterEach(() => threads.close());

function context(trouble: SquaresContext['trouble']): SquaresContext {
  return { results: toShared(new Float64Array(pieces)), byThread: toShared(new Int32Array(2)), trouble };
}

/** Runs until another thread has taken part: it starts while the first runs go on. */
function runWithOthers(work: SquaresContext, hasTakenPart: () => boolean): void {
  for (let attempt = 0; attempt < 20 && !hasTakenPart(); attempt++) threads.run(squares, work, { pieces });
}

test('work is divided among threads, and each piece is done', () => {
  threads = new Threads(3);
  const work = context('none');
  runWithOthers(work, () => work.byThread[1]! > 0);
  expect(work.byThread[0]).toBeGreaterThan(0);
  expect(work.byThread[1]).toBeGreaterThan(0);
  expect([...work.results]).toEqual(Array.from({ length: pieces }, (_, i) => i ** 2));
});

test('one thread does all of it, in order, and tells how far it is', () => {
  threads = new Threads(1);
  const work = context('none');
  const told: number[] = [];
  threads.run(squares, work, { pieces: 5, onProgress: (done) => told.push(done) });
  expect([...work.results.subarray(0, 6)]).toEqual([0, 1, 4, 9, 16, 0]);
  expect(told).toEqual([1, 2, 3, 4, 5, 5]);
});

test('what a piece throws on another thread is thrown here', () => {
  threads = new Threads(2);
  const work = context('throws');
  expect(() => { for (let attempt = 0; attempt < 20; attempt++) threads.run(squares, work, { pieces }); }).toThrow(/piece \d+ does not like this thread/);
});

test('a piece whose thread died is done again', () => {
  threads = new Threads(2, { patienceMs: 100 });
  const work = context('dies');
  for (let attempt = 0; attempt < 3; attempt++) {
    work.results.fill(-1);
    threads.run(squares, work, { pieces });
    expect([...work.results]).toEqual(Array.from({ length: pieces }, (_, i) => i ** 2));
  }
});

test('Threads refuses a count that is no whole number of at least 1', () => {
  threads = new Threads(1);
  expect(() => new Threads(0)).toThrow('Threads: count must be a whole number of at least 1; got 0.');
});

test('toShared() copies once, and gives shared memory back as it is', () => {
  threads = new Threads(1);
  const shared = toShared(Float64Array.of(1, 2));
  expect([...shared]).toEqual([1, 2]);
  expect(toShared(shared)).toBe(shared);
});
