import { copyFile, link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readTensor, writeTensor, type HistoryRow, type Json } from '@memgeo/artifacts';
import { sizeOfShape, type NamedParameter, type NetworkDescription, type RecordedCounts } from '@memgeo/network';
import { writeCheckpoint } from './checkpoint.js';

const stateSchema = 'training-state@2';
const latestName = 'latest';

/** All that training needs to go on after an epoch. */
export type TrainingState = {
  readonly epoch: number;
  readonly parameters: readonly NamedParameter[];
  readonly optimizer: readonly NamedParameter[];
  readonly records: RecordedCounts;
  readonly history: readonly HistoryRow[];
  /** Evaluations in a row, up to now, in which all training images were given their assigned labels. */
  readonly memorizedEvaluations: number;
  /** Epochs in a row, up to now, whose loss was far above that of guessing. */
  readonly divergedEpochs: number;
};

/** How one of the vectors of a state lies in the file. */
type Part = Pick<NamedParameter, 'name' | 'layer' | 'shape'>;
type Metadata = Pick<TrainingState, 'epoch' | 'history' | 'memorizedEvaluations' | 'divergedEpochs'> & { readonly parameters: readonly Part[]; readonly optimizer: readonly Part[]; readonly records: readonly Part[] };

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

  async saveCheckpoint(parameters: readonly NamedParameter[], about: { epoch: number; step: number; description: NetworkDescription }): Promise<void> {
    const target = join(this.checkpointsFolder, String(about.epoch));
    await mkdir(this.checkpointsFolder, { recursive: true });
    await rm(`${target}.partial`, { recursive: true, force: true });
    await writeCheckpoint(`${target}.partial`, parameters, about);
    await rm(target, { recursive: true, force: true });
    await rename(`${target}.partial`, target);
  }

  /** Keeps the newest state; all its vectors in one file. */
  async save({ epoch, parameters, optimizer, records, history, memorizedEvaluations, divergedEpochs }: TrainingState): Promise<void> {
    const counts = Object.entries(records).map(([name, data]) => ({ name, layer: '', shape: [data.length], data }));
    const all = [...parameters, ...optimizer, ...counts];
    const data = new Float32Array(all.reduce((sum, part) => sum + part.data.length, 0));
    let offset = 0;
    for (const part of all) {
      data.set(part.data, offset);
      offset += part.data.length;
    }
    const layout = (list: readonly Part[]): Part[] => list.map(({ name, layer, shape }) => ({ name, layer, shape: [...shape] }));
    const metadata: Metadata = { epoch, parameters: layout(parameters), optimizer: layout(optimizer), records: layout(counts), history, memorizedEvaluations, divergedEpochs };
    const name = `${latestName}-${epoch}`;
    await rm(join(this.#folder, `partial-${epoch}`), { recursive: true, force: true });
    await writeTensor(join(this.#folder, `partial-${epoch}`), { data, shape: [data.length], rows: {}, metadata: metadata as unknown as { [key: string]: Json } }, { schema: stateSchema });
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
        const { parameters, optimizer, records, ...rest } = metadata as unknown as Metadata;
        let offset = 0;
        const take = (list: readonly Part[]): NamedParameter[] => list.map((part) => {
          const size = sizeOfShape(part.shape);
          offset += size;
          return { ...part, data: (data as Float32Array).slice(offset - size, offset) };
        });
        return {
          ...rest, parameters: take(parameters), optimizer: take(optimizer),
          records: Object.fromEntries(take(records).map(({ name, data: counts }) => [name, counts])) as RecordedCounts,
        };
      } catch (cause) {
        onDamage(`The state kept after epoch ${epoch} can't be used: ${(cause as Error).message}`);
      }
    }
    return undefined;
  }

  /** Puts the checkpoints of the given epochs into an output collection too. */
  async copyCheckpoints(epochs: readonly number[], output: string): Promise<void> {
    await mkdir(output, { recursive: true });
    for (const epoch of epochs) await linkFolder(join(this.checkpointsFolder, String(epoch)), join(output, String(epoch)));
  }

  async #states(): Promise<number[]> {
    const names = await readdir(this.#folder);
    return names.flatMap((name) => (name.startsWith(`${latestName}-`) ? [Number(name.slice(latestName.length + 1))] : []));
  }
}

/** Files are linked, for they do not change any more; copied where that can't be. */
async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkFolder(source, target);
    else await link(source, target).catch(() => copyFile(source, target));
  }
}
