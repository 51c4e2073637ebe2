import { homedir } from 'node:os';
import { join } from 'node:path';

/** The builds there are, in order of preference. */
export const nativeBuilds = ['cuda', 'cpu'] as const;
export type NativeBuild = (typeof nativeBuilds)[number];

/** The TensorFlow that is built against. */
export const tensorflowVersion = '2.18.0';
export const nodePackages: { readonly [build in NativeBuild]: string } = { cpu: '@tensorflow/tfjs-node', cuda: '@tensorflow/tfjs-node-gpu' };
export const nodePackageVersion = '4.22.0';

/** Where a build lies: a folder of the user and not of a project, so that it outlives `npm ci` and serves every project. */
export function nativeFolder(build: NativeBuild): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'memgeo', `tensorflow-${tensorflowVersion}-${build}`);
}
