import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readTensor, writeTensor, type HistoryRow, type Json } from '@memgeo/artifacts';
import type { NamedParameter, NetworkDescription } from '@memgeo/network';
import { writeCheckpoint } from './checkpoint.js';

const stateSchema = 'training-state@1';
const latestName = 'latest';

/** All that training needs to go on after an epoch. */
export type TrainingState = {
  readonly epoch: number;
  readonly parameters: readonly NamedParameter[];
  readonly velocities: readonly NamedParameter[];
  readonly history: readonly HistoryRow[];
};

/**
 * Keeps the state of training in a folder, so that it survives any death of the process: each piece is written aside and
 * renamed, and the newest state is always whole.
 */
export class TrainingStateFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where the checkpoints lie until training is done. */
  get checkpointsFolder(): string {
    return join(this.#folder, 'checkpoints');
  }

  async saveCheckpoint(parameters: readonly NamedParameter[], about: { epoch: number; description: NetworkDescription }): Promise<void> {
    const target = join(this.checkpointsFolder, String(about.epoch));
    await mkdir(this.checkpointsFolder, { recursive: true });
    await rm(`${target}.partial`, { recursive: true, force: true });
    await writeCheckpoint(`${target}.partial`, parameters, about);
    await rm(target, { recursive: true, force: true });
    await rename(`${target}.partial`, target);
  }

  /** Keeps the newest state; parameters and velocities in one vector, in one file. */
  async save({ epoch, parameters, velocities, history }: TrainingState): Promise<void> {
    const all = [...parameters, ...velocities];
    const data = new Float32Array(all.reduce((sum, parameter) => sum + parameter.data.length, 0));
    let offset = 0;
    for (const parameter of all) {
      data.set(parameter.data, offset);
      offset += parameter.data.length;
    }
    const layout = (list: readonly NamedParameter[]) => list.map(({ name, layer, shape }) => ({ name, layer, shape: [...shape] }));
    const metadata = { epoch, parameters: layout(parameters), velocities: layout(velocities), history: history as unknown as Json };
    const name = `${latestName}-${epoch}`;
    await rm(join(this.#folder, `partial-${epoch}`), { recursive: true, force: true });
    await writeTensor(join(this.#folder, `partial-${epoch}`), { data, shape: [data.length], rows: {}, metadata }, { schema: stateSchema });
    await rm(join(this.#folder, name), { recursive: true, force: true });
    await rename(join(this.#folder, `partial-${epoch}`), join(this.#folder, name));
    for (const other of await this.#states()) if (other !== epoch) await rm(join(this.#folder, `${latestName}-${other}`), { recursive: true, force: true });
  }

  /**
   * Reads the newest state that is whole.
   *
   * @param onDamage  Told of a state that can't be used.
   */
  async load(onDamage: (message: string) => void): Promise<TrainingState | undefined> {
    for (const epoch of (await this.#states()).sort((a, b) => b - a)) {
      try {
        const { data, metadata } = await readTensor(join(this.#folder, `${latestName}-${epoch}`), { schema: stateSchema });
        const { parameters, velocities, history } = metadata as unknown as { parameters: Omit<NamedParameter, 'data'>[]; velocities: Omit<NamedParameter, 'data'>[]; history: HistoryRow[] };
        let offset = 0;
        const take = (list: readonly Omit<NamedParameter, 'data'>[]) => list.map((parameter) => {
          const size = parameter.shape.reduce((product, n) => product * n, 1);
          offset += size;
          return { ...parameter, data: (data as Float32Array).slice(offset - size, offset) };
        });
        return { epoch, parameters: take(parameters), velocities: take(velocities), history };
      } catch (cause) {
        onDamage(`The state kept after epoch ${epoch} can't be used: ${(cause as Error).message}`);
      }
    }
    return undefined;
  }

  /** Copies the checkpoints of the given epochs into an output collection. */
  async copyCheckpoints(epochs: readonly number[], output: string): Promise<void> {
    await mkdir(output, { recursive: true });
    for (const epoch of epochs) await cp(join(this.checkpointsFolder, String(epoch)), join(output, String(epoch)), { recursive: true });
  }

  async #states(): Promise<number[]> {
    const names = await readdir(this.#folder);
    return names.flatMap((name) => (name.startsWith(`${latestName}-`) ? [Number(name.slice(latestName.length + 1))] : []));
  }
}
