import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { nativeFolder, nodePackages, nodePackageVersion, tensorflowVersion, type NativeBuild } from './native-folder.js';
import { wheelPlatform, wheels } from './wheels.js';

const nodeApiHeaders = 'node-api-headers@1.9.0';
/** The newest Node-API that the package looks for. */
const nodeApi = 8;
const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

export type NativeBuildOptions = {
  readonly build: NativeBuild;
  /** Hears what is being done. */
  readonly tell?: (line: string) => void;
  /** Requirements with hashes; for tests. Default: {@link wheels}. */
  readonly requirements?: readonly string[];
};

/**
 * Builds the native package of TensorFlow against the library inside TensorFlow's wheel, for where its own download is refused or too old.
 *
 * The package's binding uses TensorFlow's C interface alone, which the library of the wheel exports. npm and pip fetch both and check their hashes.
 * The build is made beside its place, tried, and moved there at the end, so that no half of it is ever found.
 *
 * @returns the folder of the build, see {@link nativeFolder}.
 * @throws Error that says what this machine lacks or which step failed, and what to do.
 */
export async function buildNative({ build, tell = () => undefined, requirements = wheels[build] }: NativeBuildOptions): Promise<string> {
  const machine = `${process.platform} ${process.arch}`;
  if (machine !== 'linux x64') throw new Error(`buildNative: the machine must be linux x64; got ${machine}. Run npm install ${nodePackages[build]}@${nodePackageVersion} where its download is allowed, or use backend wasm.`);
  const compiler = process.env.CXX || 'g++';
  await demand(compiler, ['--version'], 'a C++17 compiler', 'Install g++, or name another compiler by CXX.');
  await demand('python3', ['-m', 'pip', '--version'], 'Python 3 with pip', 'Install python3-pip.');
  await demand('npm', ['--version'], 'npm', 'It comes with Node.');

  const folder = nativeFolder(build);
  const work = `${folder}.${process.pid}`;
  try {
    const wheel = join(work, 'wheels');
    await mkdir(wheel, { recursive: true });
    await writeFile(join(work, 'package.json'), JSON.stringify({ name: 'memgeo-native-tensorflow', private: true }));
    await writeFile(join(work, 'requirements.txt'), `${requirements.join('\n')}\n`);
    tell(`installing ${nodePackages[build]}@${nodePackageVersion} without its own download`);
    await perform('npm could not install the package', 'npm', ['install', '--prefix', work, '--ignore-scripts', '--no-audit', '--no-fund', `${nodePackages[build]}@${nodePackageVersion}`, nodeApiHeaders]);
    tell(build === 'cpu' ? 'fetching the wheel, about 230 MB' : 'fetching the wheels, about 3 GB');
    await perform('pip could not fetch the wheel with the expected hash', 'python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-compile', '--require-hashes', ...wheelPlatform, '--target', wheel, '--requirement', join(work, 'requirements.txt')]);
    tell(`compiling with ${compiler}`);
    await compile(compiler, { packageFolder: join(work, 'node_modules', nodePackages[build]), wheel, headers: join(work, 'node_modules/node-api-headers/include') });
    await prune(wheel);
    tell(`trying: TensorFlow ${await tryOut(work, build)} multiplies`);
    await rm(folder, { recursive: true, force: true });
    await rename(work, folder);
    return folder;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function compile(compiler: string, { packageFolder, wheel, headers }: { packageFolder: string; wheel: string; headers: string }): Promise<void> {
  const output = join(packageFolder, `lib/napi-v${nodeApi}/tfjs_binding.node`);
  await mkdir(dirname(output), { recursive: true });
  const tensorflow = join(wheel, 'tensorflow');
  // Found from where the binding lies, wherever the folder is moved.
  const search = '$ORIGIN/../../../../../wheels/tensorflow';
  await perform('the binding does not compile', compiler, [
    '-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${nodeApi}`, '-I', headers, '-I', join(tensorflow, 'include'), '-o', output,
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(packageFolder, 'binding', file)), `-Wl,-rpath,${search}`, ...libraries.map((library) => join(tensorflow, library)),
  ]);
}

/** Deletes of the wheels what is neither of TensorFlow's two libraries nor one of NVIDIA's: about half. */
async function prune(wheel: string): Promise<void> {
  for (const name of await readdir(wheel)) if (name !== 'tensorflow' && name !== 'nvidia') await rm(join(wheel, name), { recursive: true });
  for (const name of await readdir(join(wheel, 'tensorflow'))) if (!libraries.includes(name)) await rm(join(wheel, 'tensorflow', name), { recursive: true });
}

/** @returns the version of TensorFlow that was loaded. */
async function tryOut(folder: string, build: NativeBuild): Promise<string> {
  const program = `
    const util = require('util'); util.isNullOrUndefined ??= (x) => x == null; util.isArray ??= Array.isArray;
    const tf = require(${JSON.stringify(nodePackages[build])});
    const [value] = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync();
    if (value !== 11) throw new Error('1 * 3 + 2 * 4 must be 11; got ' + value);
    console.log(tf.backend().binding.TF_Version);`;
  const output = await perform('the build does not load', process.execPath, ['--eval', program], { cwd: folder, env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', NODE_OPTIONS: '' } });
  const version = output.trim().split('\n').at(-1)!;
  if (version !== tensorflowVersion) throw new Error(`buildNative: TensorFlow must be ${tensorflowVersion}; got ${version}. Another libtensorflow is found first: unset LD_LIBRARY_PATH.`);
  return version;
}

async function demand(command: string, given: readonly string[], what: string, remedy: string): Promise<void> {
  await promisify(execFile)(command, given).catch(() => {
    throw new Error(`buildNative: the machine must have ${what}; ${[command, ...given].join(' ')} does not work. ${remedy}`);
  });
}

async function perform(failure: string, command: string, given: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<string> {
  try {
    return (await promisify(execFile)(command, given, { ...options, maxBuffer: 2 ** 26 })).stdout;
  } catch (cause) {
    const { stderr = '', message } = cause as { stderr?: string; message: string };
    const telling = stderr.split('\n').filter((line) => /error|expected|got\s|not found|refused|denied/i.test(line)).slice(0, 6);
    throw new Error(`buildNative: ${failure} (${command}): ${(telling.length > 0 ? telling : [message.split('\n')[0]!]).map((line) => line.trim()).join('; ')}`, { cause });
  }
}
