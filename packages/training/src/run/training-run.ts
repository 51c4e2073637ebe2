import type { HistoryRow } from '@memgeo/artifacts';
import { learningRateAt, NonFiniteLossError, scoreSets, type ExampleRecords, type NamedParameter, type Network, type Team } from '@memgeo/network';
import { randomStream } from '@memgeo/numerics';
import { StageError, type StageContext } from '@memgeo/stage';
import type { z } from 'zod';
import type { TrainingData } from '../data/training-data.js';
import { adviceAgainstDivergence, isDiverged, patience } from '../plan/divergence.js';
import type { EpochPlan, Moment } from '../plan/plan-epochs.js';
import type { trainParams } from '../stages/train.js';
import { WriteBehind } from '../state/write-behind.js';
import type { TrainingState, TrainingStateFolder } from '../state/training-state.js';

/** What a run of training works on and with. */
export type Work = Pick<StageContext, 'progress' | 'log'> & {
  readonly params: z.output<typeof trainParams>;
  readonly data: TrainingData;
  readonly plan: EpochPlan;
  readonly network: Network;
  readonly team: Team;
  readonly records: ExampleRecords;
  readonly folder: TrainingStateFolder;
};

/** Training from one epoch to the next, with what is kept on the way. Files are written while it goes on. */
export class TrainingRun {
  readonly #work: Work;
  readonly #stepsPerEpoch: number;
  readonly #writes = new WriteBehind();
  readonly #history: HistoryRow[];
  /** The last epoch completed; undefined before the untrained network has been evaluated. */
  #epoch: number | undefined;
  #memorizedEvaluations: number;
  #divergedEpochs: number;

  /** @param kept  The state to go on from. */
  constructor(work: Work, kept: TrainingState | undefined) {
    this.#work = work;
    this.#stepsPerEpoch = Math.ceil(work.data.trained.length / work.params.batchSize);
    this.#history = [...(kept?.history ?? [])];
    this.#epoch = kept?.epoch;
    this.#memorizedEvaluations = kept?.memorizedEvaluations ?? 0;
    this.#divergedEpochs = kept?.divergedEpochs ?? 0;
  }

  get history(): readonly HistoryRow[] {
    return this.#history;
  }

  /** Epochs completed. */
  get epoch(): number {
    return this.#epoch ?? 0;
  }

  /** @throws StageError if training diverges; what was completed is kept. */
  async finish(): Promise<void> {
    const { params: { epochs }, progress } = this.#work;
    try {
      if (this.#epoch === undefined) await this.#complete(0);
      while (this.epoch < epochs && !this.#isMemorized()) {
        await this.#train(this.epoch + 1);
        await this.#complete(this.epoch + 1);
      }
    } catch (cause) {
      // What training says counts more than that a write has failed as well.
      await this.#writes.end().catch(() => undefined);
      throw cause;
    }
    await this.#writes.end();
    progress(epochs, epochs, this.#status());
  }

  /** Takes the steps of an epoch, with a halt wherever something is to be kept or evaluated in the middle of it. */
  async #train(epoch: number): Promise<void> {
    const { params, data: { assigned, trained, classCount }, plan, team, records, progress } = this.#work;
    const { batchSize, epochs, seed } = params;
    const random = (purpose: string) => randomStream(seed, 'training/train', purpose, epoch);
    const order = random('order').shuffle([...trained]);
    const [first, last] = [(epoch - 1) * this.#stepsPerEpoch, epoch * this.#stepsPerEpoch];
    const halts = [...new Set([...plan.checkpoints, ...plan.evaluations].map(({ step }) => step).filter((step) => step > first && step < last))].sort((a, b) => a - b);
    const status = this.#status();
    let sum = 0;
    for (const [i, end] of [...halts, last].entries()) {
      const begin = i === 0 ? first : halts[i - 1]!;
      const part = order.slice((begin - first) * batchSize, (end - first) * batchSize);
      const work = {
        batchSize,
        learningRates: Array.from({ length: end - begin }, (_, step) => this.#learningRateAt(begin + step)),
        augmentation: { ...params.augmentation, stream: random('augmentation').path },
        dropout: { stream: random('dropout').path, firstStep: begin - first },
      };
      const { loss } = await this.#saving(epoch, begin - first, () => team.trainEpoch(part, work, {
        onBatch: (seen) => progress(epoch - 1 + ((begin - first) * batchSize + seen) / order.length, epochs, `epoch ${epoch} of ${epochs}${status === '' ? '' : `, ${status}`}`),
        onLogits: (batch, logits) => records.add(batch, logits, { epoch, labels: assigned }),
      }));
      sum += loss * part.length;
      if (end < last) await this.#halt(end);
    }
    this.#divergedEpochs = isDiverged(sum / order.length, classCount) ? this.#divergedEpochs + 1 : 0;
    if (this.#divergedEpochs === patience) {
      throw new StageError(`training/train: epoch ${epoch}: the loss has been far above that of guessing, ${Math.log(classCount).toPrecision(3)}, for ${patience} epochs; it is ${(sum / order.length).toPrecision(3)} now. ${this.#advice()}`);
    }
  }

  async #saving<T>(epoch: number, before: number, train: () => Promise<T>): Promise<T> {
    try {
      return await train();
    } catch (cause) {
      if (!(cause instanceof NonFiniteLossError)) throw cause;
      const { loss, step, learningRate } = cause;
      throw new StageError(`training/train: epoch ${epoch}: the loss became ${loss} at step ${before + step + 1} of ${this.#stepsPerEpoch}, where the learning rate was ${Number(learningRate.toPrecision(3))}. ${this.#advice()}`, { cause });
    }
  }

  /** Parameters that are worth keeping: the loss of a step says nothing of what the step itself does to them. */
  async #finiteParameters(network: Network, epoch: number): Promise<NamedParameter[]> {
    const parameters = await network.parameters();
    const overflown = parameters.find(({ data }) => !data.every(Number.isFinite));
    if (overflown) throw this.#overflow(`parameter ${overflown.name}`, epoch);
    return parameters;
  }

  #overflow(what: string, epoch: number): StageError {
    if (epoch === 0) return new StageError(`training/train: the ${what} of the untrained network is not finite. Lower initialization.scale of the network.`);
    return new StageError(`training/train: epoch ${epoch}: the ${what} is not finite after its last step. ${this.#advice()}`);
  }

  #advice(): string {
    const { params, network, folder } = this.#work;
    const advice = adviceAgainstDivergence({ ...params, hasBatchNorm: network.layers.some(({ kind }) => kind === 'norm') });
    return `${advice} The checkpoints up to there are kept in ${folder.checkpointsFolder}.`;
  }

  /** Ends an epoch: what there is to keep of it, and the state to go on from. */
  async #complete(epoch: number): Promise<void> {
    const { network, team, records, folder } = this.#work;
    const { plan } = this.#work;
    const step = epoch * this.#stepsPerEpoch;
    const isHere = (planned: Moment) => planned.step === step;
    // A part of an epoch may be rounded to its end; it is called as it was asked for.
    const checkpoint = plan.checkpoints.find(isHere);
    await this.#evaluate(checkpoint ?? plan.evaluations.find(isHere) ?? { epoch, step });
    const parameters = await this.#finiteParameters(network, epoch);
    this.#epoch = epoch;
    const counts = Object.fromEntries(Object.entries(records.counts).map(([name, values]) => [name, values.slice()])) as typeof records.counts;
    const state = {
      epoch, parameters, optimizer: await team.trainer.state(), records: counts, history: [...this.#history], memorizedEvaluations: this.#memorizedEvaluations, divergedEpochs: this.#divergedEpochs,
    };
    await this.#writes.begin(async () => {
      if (checkpoint) await folder.saveCheckpoint(parameters, { ...checkpoint, description: network.description });
      await folder.save(state);
    });
  }

  /** Keeps and evaluates what the plan says of a step in the middle of an epoch. */
  async #halt(step: number): Promise<void> {
    const { plan, network, folder } = this.#work;
    const moment = [...plan.checkpoints, ...plan.evaluations].find((planned) => planned.step === step)!;
    await this.#evaluate(moment);
    if (!plan.checkpoints.some((planned) => planned.step === step)) return;
    const parameters = await this.#finiteParameters(network, moment.epoch);
    await this.#writes.begin(() => folder.saveCheckpoint(parameters, { ...moment, description: network.description }));
  }

  /** Scores all sets, if the plan says so. */
  async #evaluate({ epoch, step }: Moment): Promise<void> {
    const { data: { examples, sets, trained, assigned }, plan, network, team } = this.#work;
    if (!plan.evaluations.some((planned) => planned.step === step)) return;
    const scores = await scoreSets(network, examples, [...sets, { indices: trained, labels: Int32Array.from(trained, (example) => assigned[example]!) }], { predict: (indices) => team.predict(indices) });
    if (!scores.every(({ loss }) => Number.isFinite(loss))) throw this.#overflow('loss', epoch);
    const learningRate = step === 0 ? 0 : this.#learningRateAt(step - 1);
    this.#history.push(...sets.map(({ set, indices }, i) => ({ epoch, set, examples: indices.length, ...scores[i]!, learningRate })));
    this.#memorizedEvaluations = scores.at(-1)!.accuracy === 1 ? this.#memorizedEvaluations + 1 : 0;
  }

  #isMemorized(): boolean {
    const { params: { stopWhenMemorized }, log } = this.#work;
    if (stopWhenMemorized === null || this.#memorizedEvaluations < stopWhenMemorized) return false;
    log(`stops after epoch ${this.epoch}: all training images are given their assigned labels. There are no checkpoints of later epochs.`);
    return true;
  }

  #learningRateAt(step: number): number {
    const { params: { learningRate, schedule, warmupEpochs, epochs } } = this.#work;
    return learningRateAt(step, { learningRate, schedule: { ...schedule, warmupEpochs }, stepsPerEpoch: this.#stepsPerEpoch, epochs });
  }

  /** Accuracies of the last evaluation. */
  #status(): string {
    const last = this.#history.at(-1);
    return this.#history.filter(({ epoch }) => epoch === last?.epoch).map(({ set, accuracy }) => `${set} ${accuracy.toFixed(2)}`).join(', ');
  }
}
