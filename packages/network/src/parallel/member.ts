import { parentPort, workerData } from 'node:worker_threads';
import { openBackend } from '../backends/open-backend.js';
import type { NetworkDescription } from '../description/network-spec.js';
import type { NamedParameter } from '../description/initial-parameters.js';
import type { Examples } from '../model/examples.js';
import { Network } from '../model/network.js';
import { epochOptions, type EpochWork } from '../training/epoch-work.js';
import { NonFiniteLossError, Trainer, type TrainerOptions } from '../training/trainer.js';
import { Exchange, PartnerError, type ExchangeMemory } from './exchange.js';

/** What a thread of a team begins with. */
export type Membership = {
  readonly memory: ExchangeMemory;
  readonly rank: number;
  readonly description: NetworkDescription;
  readonly parameters: readonly NamedParameter[];
  readonly optimizerState: readonly NamedParameter[];
  readonly options: TrainerOptions;
  readonly examples: Examples;
  readonly labels: Int32Array;
};

/** Part of an epoch that all members do together; and whether the logits are wanted, which all put together. */
export type MemberEpoch = { readonly kind: 'epoch'; readonly order: Int32Array; readonly work: EpochWork; readonly hasLogits: boolean };
/** Examples whose logits a member sends back. */
export type MemberPrediction = { readonly kind: 'prediction'; readonly indices: Int32Array };

const { memory, rank, description, parameters, optimizerState, options, examples, labels } = workerData as Membership;
const exchange = new Exchange(memory, rank);

/** Does its share, or tells the others that it can't: they wait for it otherwise. */
async function orFail<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    // Where the loss is no number every thread finds that by itself.
    if (!(cause instanceof PartnerError || cause instanceof NonFiniteLossError)) exchange.fail(cause instanceof Error ? cause.message : String(cause));
    throw cause;
  }
}

await openBackend('wasm');
const network = Network.restore(description, parameters);
const trainer = new Trainer(network, options, exchange);
trainer.restoreState(optimizerState);
parentPort!.postMessage('ready');

const ignore = (): void => undefined;
async function work(task: MemberEpoch | MemberPrediction): Promise<void> {
  if (task.kind === 'prediction') parentPort!.postMessage(await network.predict(examples, task.indices));
  else await trainer.trainEpoch(examples, labels, task.order, { ...epochOptions(task.work), ...(task.hasLogits ? { onLogits: ignore } : {}) });
}
// One task after the other: an epoch may still wait for its last step when the next task comes.
let last: Promise<void> = Promise.resolve();
parentPort!.on('message', (task: MemberEpoch | MemberPrediction) => {
  last = last.then(() => orFail(() => work(task))).catch(() => { parentPort!.close(); });
});
