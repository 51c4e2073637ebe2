import { parseArgs } from 'node:util';
import { buildNative } from './build-native.js';

const usage = `Usage: node ${process.argv[1]!} [--cuda]
Builds the native backend of TensorFlow for memgeo, in a folder of the user.`;

try {
  const { values } = parseArgs({ options: { cuda: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
  if (values.help) console.log(usage);
  else console.log(`The backend tensorflow is ready, in ${await buildNative({ build: values.cuda ? 'cuda' : 'cpu', tell: (line) => console.error(line) })}`);
} catch (cause) {
  console.error((cause as Error).message);
  process.exitCode = 1;
}
