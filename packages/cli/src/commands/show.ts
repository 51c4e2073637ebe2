import { existsSync } from 'node:fs';
import { ArtifactError, readManifest, splitMember, type ArtifactManifest } from '@memgeo/artifacts';
import { artifactOf, contentOf, findArtifact, findRun, listRuns, lookForArtifact, pointsOf, RecordIndex, Store, type ActionRecord, type Made, type Run } from '@memgeo/pipeline';
import { formatBytes, shortHash } from '../printing/amounts.js';
import { printJson } from '../printing/json.js';
import { anyOutputOf } from '../printing/record-text.js';
import { Page } from '../printing/page.js';
import { UserError } from '../user-error.js';
import { artifactAtPath } from './artifact-at-path.js';
import { contentOfArtifact, describeContent, type Content } from './show/content.js';
import { describeAction, describeMaker } from './show/show-action.js';
import { contentOfFile } from './show/show-path.js';
import { describeRun } from './show/show-run.js';
import type { StoreOption } from './store-option.js';

export { describeRows } from './show/rows.js';

const shownMembers = 20;
/** What only a run is called. */
const runName = /^(latest|previous|-\d+|\d{4}-\d\d-\d\dT.*)$/;

/** Shows what a name stands for: an artifact by path, point or digest, an output with members, an action by key, a run. */
export async function show(name: string, options: StoreOption & { json?: boolean }): Promise<number> {
  const store = Store.openForReading(options.store);
  const index = new RecordIndex(store);
  const shown = (await atPath(name)) ?? (await stored(name, store, index));
  if (options.json === true) printJson(shown.json(index));
  else {
    const page = new Page();
    shown.describe(index, page);
    page.print();
  }
  return 0;
}

/** Something to show, for people and for programs. */
type Shown = { readonly describe: (index: RecordIndex, page: Page) => void; readonly json: (index: RecordIndex) => unknown };

async function atPath(name: string): Promise<Shown | undefined> {
  const { path } = splitMember(name);
  if (!existsSync(path)) return undefined;
  const artifact = await artifactAtPath(name);
  if (artifact?.folder === name) {
    const manifest = await readManifest(name);
    return showArtifact({ folder: name, manifest, content: await contentOfArtifact(name, manifest) });
  }
  const contents = await contentOfFile(name);
  if (contents) return { describe: (_, page) => { for (const content of Object.values(contents)) describeContent(content, page); }, json: () => ({ kind: 'file', path: name, contents }) };
  if (!artifact) return undefined;
  const manifest = await readManifest(artifact.folder);
  return showArtifact({ folder: artifact.folder, manifest, content: await contentOfArtifact(artifact.folder, manifest) });
}

async function stored(name: string, store: Store, index: RecordIndex): Promise<Shown> {
  if (runName.test(name)) return showRun(findRun(store, name));
  const looked = lookForArtifact(name, { store, index });
  if (!looked) {
    const run = listRuns(store).find(({ manifest }) => manifest.pipeline === name);
    if (run) return showRun(run);
    if (existsSync(name)) throw new UserError(`${name} is there, but is no artifact, no part of one and no .arrow, .parquet, .npy or .npz file; and the store has nothing of that name.`);
  }
  const found = looked ?? findArtifact(name, { store, index });
  if (found.kind === 'action') return showAction(found.record);
  if (found.kind === 'collection') return showCollection(found.record, found.output, store);
  const folder = store.objects.folder(found.digest);
  try {
    const manifest = await readManifest(folder);
    return showArtifact({ folder, manifest, content: await contentOfArtifact(folder, manifest), made: found.made });
  } catch (cause) {
    if (!(cause instanceof ArtifactError)) throw cause;
    return showLost(found.digest, found.made, existsSync(folder) ? `damaged: ${cause.message}` : 'gone from the store');
  }
}

function showArtifact({ folder, manifest, content, made }: { folder: string; manifest: ArtifactManifest; content: Content; made?: Made | undefined }): Shown {
  const maker = (index: RecordIndex): ActionRecord | undefined => (made ?? artifactOf(manifest.digest, index).made)?.record;
  return {
    describe: (index, page) => {
      const { kind, schema, digest, bytes, files } = manifest;
      page.fact('path', folder).fact('kind', `${kind}, schema ${schema}`).fact('digest', digest).fact('size', `${formatBytes(bytes)} in ${files.length} file${files.length === 1 ? '' : 's'}`);
      describeContent(content, page);
      const record = maker(index);
      if (record) describeMaker(record, [digest], index, page);
    },
    json: (index) => ({ kind: 'artifact', folder, manifest, content, ...relationsOf(manifest.digest, maker(index), index) }),
  };
}

function relationsOf(digest: string, record: ActionRecord | undefined, index: RecordIndex): object {
  return { madeBy: record ?? null, usedBy: index.usersOf(digest).map(({ record: { key, point }, port, label }) => ({ key, point, port, label })) };
}

function showLost(digest: string, made: Made | undefined, state: string): Shown {
  return {
    describe: (index, page) => {
      page.fact('digest', digest).fact('content', `${state}. The next run that needs it makes it again.`);
      if (made) describeMaker(made.record, [digest], index, page);
    },
    json: (index) => ({ kind: 'artifact', digest, content: null, state, ...relationsOf(digest, made?.record, index) }),
  };
}

async function showCollection(record: ActionRecord, output: string, store: Store): Promise<Shown> {
  const members = await Promise.all(contentOf(record.outputs[output]!).map(async ({ member, digest }) => {
    const manifest = await readManifest(store.objects.folder(digest)).catch(() => undefined);
    return { member: member!, digest, kind: manifest?.kind ?? null, schema: manifest?.schema ?? null, bytes: manifest?.bytes ?? null };
  }));
  return {
    describe: (index, page) => {
      const [first] = members;
      const bytes = members.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
      page.line(`${record.point}.${output}, ${members.length} artifacts`).fact('kind', first?.kind ? `${first.kind}, schema ${first.schema!}` : 'unknown').fact('size', formatBytes(bytes));
      for (const one of members.slice(0, shownMembers)) page.line(`/${one.member}  ${shortHash(one.digest)}  ${one.bytes === null ? 'gone or damaged' : formatBytes(one.bytes)}`, 2);
      if (members.length > shownMembers) page.line(`... and ${members.length - shownMembers} more`, 2);
      describeMaker(record, members.map(({ digest }) => digest), index, page);
      if (first) page.line(`For one of them: memgeo show '${record.point}.${output}/${first.member}'`);
    },
    json: () => ({ kind: 'collection', point: record.point, output, members, madeBy: record }),
  };
}

function showAction(record: ActionRecord): Shown {
  return {
    describe: (index, page) => {
      describeAction(record, index, page);
      page.line(`For an output: memgeo show '${anyOutputOf(record)}'`);
    },
    json: () => ({ kind: 'action', record }),
  };
}

function showRun(run: Run): Shown {
  return { describe: (_, page) => describeRun(run, page), json: () => ({ kind: 'run', ...run.manifest, state: run.state, folder: run.folder, points: pointsOf(run) }) };
}
