import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Builds the native backend of TensorFlow, from memgeo's sources. An installed memgeo brings the same program; `memgeo doctor` says where.
 *
 * Usage: npx tsx tools/native-tensorflow/build.ts [--cuda]
 */
await import(pathToFileURL(join(import.meta.dirname, '../../packages/network/src/backends/tensorflow/build/main.ts')).href);
