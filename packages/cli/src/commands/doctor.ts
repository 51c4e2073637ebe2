import { availableParallelism, freemem, totalmem } from 'node:os';
import { existsSync } from 'node:fs';
import { describeBackends } from '@memgeo/network';

const oldestNode = [20, 19] as const;

/** Says what of this machine memgeo can use, and what would make it faster. */
export async function doctor(): Promise<number> {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const isNodeGood = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const lines = [
    line(isNodeGood, 'Node', `${process.version}${isNodeGood ? '' : `; ${oldestNode.join('.')} or later is needed`}`),
    line(true, 'machine', `${availableParallelism()} cores, ${gib(totalmem())} of memory, ${gib(freemem())} free`),
  ];
  const backends = await describeBackends();
  for (const { name, isAvailable, detail } of backends) lines.push(line(isAvailable, `backend ${name}`, detail));
  const browser = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) => (process.env.PATH ?? '').split(':').map((folder) => `${folder}/${name}`)).find((path) => existsSync(path));
  lines.push(line(browser !== undefined, 'browser', browser ?? 'none found; only the test that looks at the report needs one'));
  const isNative = backends.some(({ name, isAvailable }) => name === 'tensorflow' && isAvailable);
  lines.push('', isNative
    ? 'The fastest backend here is tensorflow: set backend: tensorflow in the stages that train and extract.'
    : 'The fastest backend here is wasm, the default. A native one, where its download is allowed: npm install @tensorflow/tfjs-node-gpu@4.22.0, then backend: tensorflow.');
  process.stdout.write(`${lines.join('\n')}\n`);
  return isNodeGood ? 0 : 1;
}

function line(isGood: boolean, what: string, detail: string): string {
  return `${isGood ? 'yes' : 'no '}  ${what.padEnd(20)} ${detail}`;
}
