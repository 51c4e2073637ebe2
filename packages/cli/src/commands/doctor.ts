import { execFile } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access, link, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { availableParallelism, freemem } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describeBackends } from '@memgeo/network';
import { bytesOf, machineMemory, Store, takeInventory } from '@memgeo/pipeline';
import { countOf, formatBytes } from './cache-quantities.js';
import type { StoreOption } from './store-option.js';

type Finding = { readonly state: 'yes' | 'no' | '-'; readonly what: string; readonly detail: string; /** What must work for memgeo to work. */ readonly isNeeded?: boolean; /** A command that makes it work. */ readonly remedy?: string };

const oldestNode = [20, 19] as const;
/** Less than this is soon used up. */
const scarceBytes = 2 ** 30;
const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

/** Says what of this machine memgeo can use, and the command that enables what it can't. Exit code 1 if it can't work here. */
export async function doctor(options: StoreOption & { readonly json?: boolean } = { store: '.memgeo' }): Promise<number> {
  const backends = await describeBackends();
  const fastest = backends.find(({ isAvailable, isRecommended }) => isAvailable && isRecommended === true)?.name;
  const findings: Finding[] = [
    nodeVersion(), machine(),
    ...backends.map(({ name, isAvailable, detail, remedy }): Finding => ({ state: isAvailable ? 'yes' : 'no', what: `backend ${name}`, detail, ...(remedy === undefined ? {} : { remedy }) })),
    ...await programs(),
    ...await storeFindings(options.store),
  ];
  if (options.json === true) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else process.stdout.write(`${[...findings.flatMap(lines), '', `The fastest backend here is ${fastest === undefined ? 'wasm, the default.' : `${fastest}: set backend: ${fastest} in the stages that train and extract.`}`].join('\n')}\n`);
  return findings.some(({ state, isNeeded }) => state === 'no' && isNeeded === true) ? 1 : 0;
}

function nodeVersion(): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const isGood = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return { state: isGood ? 'yes' : 'no', what: 'Node', detail: isGood ? process.version : `${process.version}; ${oldestNode.join('.')} or later is needed`, isNeeded: true };
}

function machine(): Finding {
  const limit = process.constrainedMemory();
  const isHeld = machineMemory() === limit && limit > 0;
  return { state: 'yes', what: 'machine', detail: `${countOf(availableParallelism(), 'core')}, ${formatBytes(machineMemory())} of memory${isHeld ? ', by the limit of its control group' : ''}, ${formatBytes(freemem())} free` };
}

async function programs(): Promise<Finding[]> {
  const version = async (name: string) => promisify(execFile)(name, ['--version'], { timeout: 5000 }).then(({ stdout, stderr }) => (stdout || stderr).trim().split('\n')[0]!, () => undefined);
  const [python, git] = await Promise.all([version('python3'), version('git')]);
  const browser = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => browsers.map((name) => join(folder, name))).find((path) => existsSync(path));
  return [
    { state: python === undefined ? '-' : 'yes', what: 'python3', detail: python ?? 'not found; only stages that are Python programs need it' },
    { state: git === undefined ? '-' : 'yes', what: 'git', detail: git ?? 'not found; without it a run does not say which commit it was' },
    { state: browser === undefined ? '-' : 'yes', what: 'browser', detail: browser ?? 'not found; only the test that looks at the report needs one' },
  ];
}

async function storeFindings(path: string): Promise<Finding[]> {
  const folder = resolve(path);
  const isThere = existsSync(join(folder, 'records'));
  const base = nearestExisting(folder);
  const findings: Finding[] = [await disk(base), await writing(base, folder)];
  if (!isThere) return [...findings, { state: '-', what: 'store', detail: `none yet; memgeo run makes ${folder}` }];
  const store = Store.openForReading(folder);
  const inventory = await takeInventory(store);
  findings.push({ state: 'yes', what: 'store', detail: `${formatBytes(bytesOf(inventory, inventory.objects.keys()))} of results of ${countOf(inventory.actions.length, 'action')}, ${countOf(inventory.runs.length, 'run')}` });
  const dead = inventory.runs.filter(({ manifest, isAlive }) => manifest?.state === 'running' && !isAlive).length;
  const alive = inventory.runs.filter(({ isAlive }) => isAlive).length;
  if (alive > 0) findings.push({ state: '-', what: 'at work', detail: countOf(alive, 'run') });
  const begun = inventory.states.filter(({ bytes }) => bytes > 0).length;
  if (dead + begun > 0) findings.push({ state: '-', what: 'interrupted', detail: `${countOf(dead, 'run')} that died, ${countOf(begun, 'action')} to continue; memgeo run goes on from there` });
  if (inventory.quarantine.length > 0) findings.push({ state: '-', what: 'damaged', detail: `${countOf(inventory.quarantine.length, 'object')} in quarantine`, remedy: 'memgeo cache verify' });
  if (existsSync(join(folder, 'trash')) && alive === 0) findings.push({ state: '-', what: 'leftover', detail: 'of a memgeo cache gc that was ended', remedy: 'memgeo cache gc --delete' });
  return findings;
}

async function disk(folder: string): Promise<Finding> {
  const { type, bavail, bsize, blocks } = await statfs(folder);
  const free = bavail * bsize;
  const network = networkTypes.get(type);
  return {
    state: free > scarceBytes ? 'yes' : 'no', what: 'disk', detail: `${formatBytes(free)} free of ${formatBytes(blocks * bsize)}${network === undefined ? '' : `, on ${network}, a network: other machines are trusted to be gone after 30 s of silence`}`,
    ...(free > scarceBytes ? {} : { remedy: 'memgeo cache gc' }),
  };
}

/** By the number the system gives a kind of file system. */
const networkTypes = new Map([[0x6969, 'NFS'], [0xff534d42, 'CIFS'], [0xfe534d42, 'SMB'], [0x517b, 'SMB'], [0x0bd00bd0, 'Lustre'], [0x47504653, 'GPFS'], [0x19830326, 'BeeGFS'], [0x00c36400, 'Ceph'], [0x01021997, '9P'], [0x65735546, 'FUSE']]);

/** Tries what the store does with files, in a folder that goes again. */
async function writing(base: string, folder: string): Promise<Finding> {
  try {
    await access(base, constants.W_OK);
    const trial = await mkdtemp(join(base, '.memgeo-doctor-'));
    try {
      const file = await open(join(trial, 'a'), 'wx');
      const canSync = await file.sync().then(() => true, () => false);
      await file.close();
      const canLink = await link(join(trial, 'a'), join(trial, 'b')).then(() => true, () => false);
      return { state: 'yes', what: 'writing', isNeeded: true, detail: `${folder} can be written${canLink ? ', hard links work' : '; hard links do not work, so that leases are made less safely'}${canSync ? '' : '; writes are not synced: a power cut may lose results'}` };
    } finally {
      await rm(trial, { recursive: true, force: true });
    }
  } catch (cause) {
    return { state: 'no', what: 'writing', isNeeded: true, detail: `${folder} can't be written: ${(cause as Error).message}. Name another store by --store.` };
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function lines({ state, what, detail, remedy }: Finding): string[] {
  return [`${state.padEnd(3)}  ${what.padEnd(18)}  ${detail}`, ...(remedy === undefined ? [] : [`${' '.repeat(25)}${remedy}`])];
}
