import { similarityTable, writeTable, type SimilarityRow } from '@memgeo/artifacts';
import { randomStream } from '@memgeo/numerics';
import { asStageError, StageError, type InputPoint, type StageContext } from '@memgeo/stage';
import { compareRepresentations, similarityMeasures } from '../similarity/compare-representations.js';
import { prepareRepresentation, type Representation, type RepresentationOptions } from '../similarity/representation.js';
import { epochOf, nameLayerAt, refuseRepeated } from './activation-epochs.js';
import { readActivationLayer } from './activation-layers.js';
import { chooseSharedExamples, exampleKeys, type ExampleKeys } from './shared-examples.js';

type Comparison = 'layers' | 'epochs';
type Params = Required<RepresentationOptions> & { readonly comparisons: readonly Comparison[]; readonly maxExamples: number; readonly seed: number };
type Context = Pick<StageContext, 'progress' | 'warn'> & {
  readonly params: Params;
  readonly inputs: { readonly activations: readonly InputPoint<{ readonly [layer: string]: string }>[] };
  readonly outputs: { readonly similarity: string };
};

const stage = 'geometry/similarity';

/** One layer at one epoch: where it lies, and the examples of each of its sets. */
type Member = {
  readonly name: string;
  readonly path: string;
  readonly layer: string;
  readonly layerIndex: number | null;
  readonly epoch: number;
  readonly sets: ReadonlyMap<string, ExampleKeys>;
};

/** Members to compare with each other, those of one epoch or of one layer. */
type Family = { readonly comparison: Comparison; readonly members: readonly Member[] };

/**
 * Compares layers and epochs, and writes the table `similarity`.
 *
 * Each file is read once to see which examples it has, then once per set and comparison; in memory are one file, and the prepared
 * representations of one set in the layers of one epoch, or in the epochs of one layer.
 */
export async function measureSimilarity({ params, inputs, outputs, progress, warn }: Context): Promise<{ pairs: number }> {
  const { comparisons, maxExamples, seed, ...options } = params;
  const members = await readMembers(inputs.activations);
  const families = comparisons.flatMap((comparison) => findFamilies(comparison, members));
  if (families.length === 0) throw new StageError(`${stage}: there must be two layers of one epoch or two epochs of one layer to compare; got ${members.map(({ name }) => name).join(', ')}.`);
  const sets = [...new Set(members.flatMap((member) => [...member.sets.keys()]))];
  const rowsOf = new Map(sets.map((set) => [set, chooseRows(members, { set, maxExamples, seed, warn })]));

  const rows: SimilarityRow[] = [];
  const steps = families.reduce((sum, family) => sum + family.members.length * sets.length, 0);
  let done = 0;
  let pairs = 0;
  for (const { comparison, members } of families) {
    for (const set of sets) {
      const prepared: { member: Member; representation: Representation }[] = [];
      for (const member of members) {
        const chosen = rowsOf.get(set)!.get(member);
        if (chosen) prepared.push({ member, representation: await prepare(member, set, chosen, options) });
        // Pairs are compared as soon as both sides are there.
        for (const { member: earlier, representation } of chosen ? prepared : []) {
          rows.push(...tidyRows(comparison, set, earlier, member, compareRepresentations(representation, prepared.at(-1)!.representation)));
          pairs++;
        }
        progress(++done, steps, `${comparison}: ${member.name}, ${set}`);
      }
    }
  }
  await writeTable(outputs.similarity, similarityTable, rows);
  return { pairs };
}

/** Reads what each file is and which examples it has. */
async function readMembers(points: Context['inputs']['activations']): Promise<Member[]> {
  const members: Member[] = [];
  for (const [position, { coordinates, location }] of points.entries()) {
    for (const [name, path] of Object.entries(location)) {
      const { layer, layerIndex, epoch, sets } = await readActivationLayer(name, path, stage);
      const known = epochOf(epoch, coordinates, position);
      members.push({ name: nameLayerAt(layer, known), path, layer, layerIndex, epoch: known, sets: new Map(sets.map((set) => [set.set, exampleKeys(set)])) });
    }
  }
  refuseRepeated(members.map(({ name }) => name), stage);
  return members;
}

/** Members by epoch in order of depth, or by layer in order of epoch; where there is nothing to compare with, none. */
function findFamilies(comparison: Comparison, members: readonly Member[]): Family[] {
  const byEpoch = (a: Member, b: Member): number => a.epoch - b.epoch;
  const byDepth = (a: Member, b: Member): number => (a.layerIndex ?? Infinity) - (b.layerIndex ?? Infinity) || 0;
  const families = new Map<string | number, Member[]>();
  for (const member of [...members].sort((a, b) => (comparison === 'layers' ? byEpoch(a, b) || byDepth(a, b) : byDepth(a, b) || byEpoch(a, b)))) {
    const key = comparison === 'layers' ? member.epoch : member.layer;
    families.set(key, [...(families.get(key) ?? []), member]);
  }
  return [...families.values()].filter((family) => family.length > 1).map((family) => ({ comparison, members: family }));
}

/** The rows of a set to compare, by member; members without the set are told of and left out. */
function chooseRows(
  members: readonly Member[], { set, maxExamples, seed, warn }: { set: string; maxExamples: number; seed: number; warn: (message: string) => void },
): ReadonlyMap<Member, Int32Array> {
  const having = members.filter((member) => member.sets.has(set));
  const lacking = members.filter((member) => !member.sets.has(set));
  if (lacking.length > 0) warn(`Set "${set}" is not in ${lacking.map(({ name }) => name).join('; ')}, and not compared there.`);
  const files = having.map((member) => ({ name: member.name, examples: member.sets.get(set)! }));
  const { rows, shared, most } = chooseSharedExamples(files, { caller: stage, set, maxExamples, random: randomStream(seed, stage, set) });
  if (shared < most) warn(`Of up to ${most} examples of set "${set}", ${shared} are in every layer and epoch, and only they are compared.`);
  return new Map(having.map((member, i) => [member, rows[i]!]));
}

async function prepare({ name, path, layer }: Member, set: string, rows: Int32Array, options: Required<RepresentationOptions>): Promise<Representation> {
  const { sets } = await readActivationLayer(layer, path, stage);
  const { points } = sets.find((candidate) => candidate.set === set)!;
  return asStageError(`${stage}: ${name}, ${set}`, [RangeError], () => prepareRepresentation(points, rows, options));
}

function tidyRows(comparison: Comparison, set: string, a: Member, b: Member, similarities: ReturnType<typeof compareRepresentations>): SimilarityRow[] {
  return similarityMeasures.flatMap((measure) => {
    const similarity = similarities[measure];
    if (similarity === undefined) return [];
    const { value, standardError, exampleCount, note = '' } = similarity;
    return [{
      comparison,
      set,
      layer: a.layer,
      layerIndex: a.layerIndex,
      epoch: a.epoch,
      otherLayer: b.layer,
      otherLayerIndex: b.layerIndex,
      otherEpoch: b.epoch,
      measure,
      value: Number.isFinite(value) ? value : null,
      standardError: Number.isFinite(standardError) ? standardError : null,
      examples: exampleCount,
      note,
    }];
  });
}
