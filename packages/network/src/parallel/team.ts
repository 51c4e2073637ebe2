import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { startThread, toShared } from '@memgeo/numerics';
import type { Examples } from '../model/examples.js';
import type { Network } from '../model/network.js';
import { epochOptions, type EpochWork } from '../training/epoch-work.js';
import { NonFiniteLossError, Trainer, type EpochOptions, type TrainerOptions } from '../training/trainer.js';
import { Exchange, PartnerError } from './exchange.js';
import type { MemberEpoch, MemberPrediction, Membership } from './member.js';

/** What is told while an epoch goes on. */
export type EpochCallbacks = Pick<EpochOptions, 'onBatch' | 'onLogits'>;

/**
 * Threads that train one network together, this one included: each takes a part of every batch, and all sum their gradients.
 *
 * Batch normalization goes over whole batches, so that a team computes what one thread computes, but for the order of sums. Each has the
 * network to itself, and all keep the same bits. Only for the wasm backend. With one worker, no thread is started.
 */
export class Team {
  readonly trainer: Trainer;
  readonly #network: Network;
  readonly #examples: Examples;
  readonly #labels: Int32Array;
  readonly #exchange: Exchange | undefined;
  readonly #others: readonly Worker[];

  private constructor({ trainer, network, examples, labels, exchange, others }: {
    trainer: Trainer; network: Network; examples: Examples; labels: Int32Array; exchange: Exchange | undefined; others: readonly Worker[];
  }) {
    this.trainer = trainer;
    this.#network = network;
    this.#examples = examples;
    this.#labels = labels;
    this.#exchange = exchange;
    this.#others = others;
  }

  /**
   * @param options.state  Of the optimizer, to go on from; see {@link Trainer.state}.
   * @param options.workers  Threads in all, at least 1.
   */
  static async start(network: Network, trainerOptions: TrainerOptions, { examples, labels, state, workers }: {
    examples: Examples; labels: Int32Array; state?: Parameters<Trainer['restoreState']>[0] | undefined; workers: number;
  }): Promise<Team> {
    if (workers === 1) {
      const trainer = new Trainer(network, trainerOptions);
      if (state) trainer.restoreState(state);
      return new Team({ trainer, network, examples, labels, exchange: undefined, others: [] });
    }
    const memory = Exchange.allocate(workers);
    const exchange = new Exchange(memory, 0);
    const trainer = new Trainer(network, trainerOptions, exchange);
    if (state) trainer.restoreState(state);
    const common = {
      memory, description: network.description, parameters: await network.parameters(), optimizerState: await trainer.state(), options: trainerOptions,
      examples: { ...examples, data: toShared(examples.data) }, labels: toShared(labels),
    };
    const begun = await Promise.allSettled(Array.from({ length: workers - 1 }, (_, i) => startMember({ ...common, rank: i + 1 })));
    const others = begun.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const failed = begun.find((start) => start.status === 'rejected');
    if (failed) {
      await Promise.all(others.map((other) => other.terminate()));
      trainer.dispose();
      throw new PartnerError(`Another thread of training did not start: ${failed.reason instanceof Error ? failed.reason.message : String(failed.reason)}`);
    }
    return new Team({ trainer, network, examples: common.examples, labels, exchange, others });
  }

  /** As {@link Trainer.trainEpoch}. @throws PartnerError if another thread failed. */
  async trainEpoch(order: ArrayLike<number>, work: EpochWork, callbacks: EpochCallbacks = {}): Promise<{ loss: number }> {
    const epoch: MemberEpoch = { kind: 'epoch', order: Int32Array.from(order), work, hasLogits: callbacks.onLogits !== undefined };
    for (const other of this.#others) other.postMessage(epoch);
    try {
      return await this.trainer.trainEpoch(this.#examples, this.#labels, order, { ...epochOptions(work), ...callbacks });
    } catch (cause) {
      if (!(cause instanceof PartnerError || cause instanceof NonFiniteLossError)) this.#exchange?.fail(cause instanceof Error ? cause.message : String(cause));
      throw cause;
    }
  }

  /** As {@link Network.predict}, every thread a part of the examples; the bytes are the same. */
  async predict(indices: ArrayLike<number>): Promise<Float32Array> {
    const all = Int32Array.from(indices);
    const edge = (rank: number) => Math.round((rank * all.length) / (this.#others.length + 1));
    const others = this.#others.map(async (other, i) => {
      other.postMessage({ kind: 'prediction', indices: all.slice(edge(i + 1), edge(i + 2)) } satisfies MemberPrediction);
      return (await reply(other, this.#exchange!)) as Float32Array;
    });
    const parts = await Promise.all([this.#network.predict(this.#examples, all.subarray(0, edge(1))), ...others]);
    const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let filled = 0;
    for (const part of parts) {
      whole.set(part, filled);
      filled += part.length;
    }
    return whole;
  }

  /** Ends the other threads, and disposes of the trainer. */
  async close(): Promise<void> {
    await Promise.all(this.#others.map((other) => other.terminate()));
    this.trainer.dispose();
  }
}

/** Resolves when the thread is ready for an epoch: one that can't start would be waited for. */
async function startMember(membership: Membership): Promise<Worker> {
  const member = startThread(new URL(import.meta.url.endsWith('.ts') ? './member.ts' : './member.js', import.meta.url), { workerData: membership });
  await message(member);
  // What it throws from here on it tells the others.
  member.on('error', () => undefined).unref();
  return member;
}

/** @throws PartnerError if the thread has failed or ends instead. */
async function reply(member: Worker, exchange: Exchange): Promise<unknown> {
  try {
    return await message(member);
  } catch (cause) {
    exchange.throwFailure();
    throw cause;
  }
}

/** The next message of a thread. @throws PartnerError if it ends instead. */
async function message(member: Worker): Promise<unknown> {
  const settled = new AbortController();
  const { signal } = settled;
  const end = async (): Promise<never> => {
    // One that has ended already has no number, and says nothing any more.
    if (member.threadId !== -1) await once(member, 'exit', { signal });
    throw new PartnerError('A thread of training ended.');
  };
  try {
    const [value] = (await Promise.race([once(member, 'message', { signal }), end()])) as unknown[];
    return value;
  } finally {
    settled.abort();
  }
}
