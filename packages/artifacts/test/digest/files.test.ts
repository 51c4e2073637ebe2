import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestPath, listFiles, readLabels, readNpyTensor, readRegularFile, readTableFile, readTensor, readTensorFile, sealArtifact, verifyArtifact, writeTensor } from '../../src/index.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-files-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const fifo = (path: string): void => { execFileSync('mkfifo', [path]); };
const tensor = { data: Float32Array.of(1, 2), shape: [1, 2], rows: {}, metadata: {} };

test.each(['npy', 'npz', 'arrow', 'parquet', 'csv', 'txt', 'join.json'])('a named pipe in place of a .%s file is refused at once, not waited for', async (ending) => {
  const path = join(folder, `x.${ending}`);
  fifo(path);
  await expect(/csv|txt/.test(ending) ? readLabels(path) : readTensor(path, { schema: 'any' })).rejects.toThrow(/must be a regular file; it is a pipe, a socket or a device/);
});

test('a device, a socket and a folder are no files', async () => {
  await expect(readRegularFile('/dev/zero', { maxBytes: 10 })).rejects.toThrow(/it is a pipe, a socket or a device/);
  await expect(readTableFile(folder)).rejects.toThrow(/must be a regular file; it is a folder/);
  const server = createServer().listen(join(folder, 'socket'));
  try {
    await expect(readNpyTensor(join(folder, 'socket'))).rejects.toThrow(/it is a socket or a device, not a file/);
    await expect(listFiles(folder)).rejects.toThrow(/socket is a pipe, a socket or a device/);
  } finally {
    server.close();
  }
});

test.each([
  ['a file that its manifest does not list', 'odd.bin', (at: string) => writeFile(at, 'x'), /odd\.bin is not part of the artifact: artifact\.json does not list it/],
  ['a link to a file', 'link', (at: string) => symlink('/etc/passwd', at), /link is a symbolic link/],
  ['a link to itself', 'around', (at: string) => symlink('.', at), /around is a symbolic link/],
  ['a pipe', 'pipe', (at: string) => Promise.resolve(fifo(at)), /pipe is a pipe/],
])('an artifact with %s is refused by its name', async (_, name, add, message) => {
  const path = join(folder, 'a');
  await writeTensor(path, tensor, { schema: 's@1' });
  await add(join(path, name));
  await expect(verifyArtifact(path)).rejects.toThrow(message);
  if (name !== 'odd.bin') await expect(sealArtifact(path, { kind: 'folder', schema: 'f@1' })).rejects.toThrow(message);
});

test('a file of an artifact that became a link to the same bytes is refused', async () => {
  const path = join(folder, 'a');
  await writeTensor(path, tensor, { schema: 's@1' });
  execFileSync('mv', [join(path, 'tensor.arrow'), join(folder, 'elsewhere')]);
  await symlink(join(folder, 'elsewhere'), join(path, 'tensor.arrow'));
  await expect(verifyArtifact(path)).rejects.toThrow(/tensor\.arrow is a symbolic link/);
  expect((await readTensorFile(join(path, 'tensor.arrow'))).shape).toEqual([1, 2]);
});

test('sealing refuses a folder with files other than those that were written', async () => {
  const path = join(folder, 'a');
  await mkdir(path);
  await writeFile(join(path, 'old.arrow'), 'x');
  await expect(writeTensor(path, tensor, { schema: 's@1' })).rejects.toThrow(/old\.arrow is not part of the artifact/);
});

test('digestPath() follows links in data of the user, and gives what plain files would', async () => {
  await mkdir(join(folder, 'real/inner'), { recursive: true });
  await writeFile(join(folder, 'real/inner/x'), '1');
  await mkdir(join(folder, 'linked'));
  await symlink('../real/inner', join(folder, 'linked/inner'));
  expect(await digestPath(join(folder, 'linked'))).toBe(await digestPath(join(folder, 'real')));
});

test('digestPath() neither waits for a pipe nor goes round in circles', async () => {
  fifo(join(folder, 'pipe'));
  await expect(digestPath(join(folder, 'pipe'))).rejects.toThrow(/must be a regular file/);
  await expect(digestPath(folder)).rejects.toThrow(/pipe must be a regular file/);
  await rm(join(folder, 'pipe'));
  await mkdir(join(folder, 'a/b'), { recursive: true });
  await symlink('..', join(folder, 'a/b/up'));
  await expect(digestPath(folder)).rejects.toThrow(/must not hold a folder within itself; a\/b\/up leads back by links/);
  await rm(join(folder, 'a/b/up'));
  await symlink('self', join(folder, 'self'));
  await expect(digestPath(folder)).rejects.toThrow(/can't be read: ELOOP/);
});

test('digestPath() does not multiply folders that links spread out', async () => {
  for (let i = 0; i < 20; i++) {
    await mkdir(join(folder, `d${i}`));
    for (const name of ['a', 'b']) await symlink(`../d${i + 1}`, join(folder, `d${i}`, name));
  }
  await mkdir(join(folder, 'd20'));
  await expect(digestPath(join(folder, 'd0'))).rejects.toThrow(/leads back by links/);
});
