import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArtifactError, digestValue, fileNameFault, innerPathFault, readManifest, readTensorSet, verifyArtifact, writeTensor, writeTensorSet, type Json, type Tensor } from '../../src/index.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-manifest-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

type File = { path: unknown; bytes: unknown; sha256: unknown };
type Loose = { [key: string]: unknown; kind: unknown; schema: unknown; files: File[] };
const tensor: Tensor = { data: Float32Array.of(1, 2), shape: [1, 2], rows: {}, metadata: {} };

/** Changes a sound manifest and gives it the digest that belongs to it, as someone would who means it. */
async function forge(change: (manifest: Loose) => void): Promise<void> {
  await rm(join(folder, 'a'), { recursive: true, force: true });
  await writeTensor(join(folder, 'a'), tensor, { schema: 's@1' });
  const manifest = JSON.parse(await readFile(join(folder, 'a/artifact.json'), 'utf8')) as Loose;
  change(manifest);
  const { kind, schema, files } = manifest;
  if (Array.isArray(files)) {
    manifest.bytes ??= files.reduce((sum, { bytes }) => sum + Number(bytes), 0);
    try {
      manifest.digest ??= digestValue({ kind, schema, files: files.map(({ path, bytes, sha256 }) => [path, bytes, sha256]) } as Json);
    } catch { /* not JSON: it is refused before the digest counts */ }
  }
  await writeFile(join(folder, 'a/artifact.json'), JSON.stringify(manifest));
}

const moved = (path: unknown) => (manifest: Loose): void => { delete manifest.digest; manifest.files[0]!.path = path; };

test.each([
  ['..', moved('../x')], ['.. further in', moved('b/../../x')], ['an absolute path', moved('/etc/passwd')], ['a drive', moved('C:/x')], ['a backslash', moved('..\\x')], ['a NUL', moved('x\u0000.png')],
  ['an empty part', moved('a//b')], ['300 characters', moved('x'.repeat(300))], ['5000 characters', moved('x/'.repeat(2500) + 'y')], ['a number', moved(7)], ['a list', moved(['x'])], ['its own name', moved('artifact.json')],
])('a manifest that lists %s is refused, though its digest fits', async (_, change) => {
  await forge(change);
  await expect(verifyArtifact(join(folder, 'a'))).rejects.toThrow(/artifact\.json must be an artifact manifest of format 1: files\[0\]\.path must/);
});

test.each<[string, (manifest: Loose) => void, RegExp]>([
  ['a file twice', (m) => { delete m.digest; delete m.bytes; m.files.push(m.files[0]!); }, /"tensor\.arrow": it stands there twice/],
  ['negative bytes', (m) => { delete m.digest; m.files[0]!.bytes = -1; }, /files\[0\]\.bytes must be a whole number; got -1/],
  ['fractional bytes', (m) => { delete m.digest; m.files[0]!.bytes = 1.5; }, /whole number; got 1\.5/],
  ['bytes as text', (m) => { delete m.digest; m.files[0]!.bytes = '9'; }, /whole number; got "9"/],
  ['another sum of bytes', (m) => { m.bytes = 1e18; }, /bytes must be the sum/],
  ['no sha256', (m) => { delete m.digest; m.files[0]!.sha256 = 'x'; }, /64 hexadecimal digits/],
  ['a further key', (m) => { m.owner = 'me'; }, /got "owner" too/],
  ['an own key __proto__', (m) => { Object.defineProperty(m, '__proto__', { value: { digest: 'x' }, enumerable: true }); }, /got "__proto__" too/],
  ['a file with a further key', (m) => { (m.files[0] as { [key: string]: unknown }).mode = 7; }, /files\[0\] must have path, bytes and sha256/],
  ['a kind that is a list', (m) => { m.kind = ['tensor']; }, /kind \["tensor"\]/],
  ['a schema that is an object', (m) => { delete m.digest; m.schema = { s: 1 }; }, /schema must be a text/],
  ['a digest that is a path', (m) => { m.digest = '../../x'; }, /digest must be sha256/],
  ['files that are an object', (m) => { (m as { files: unknown }).files = { length: 1e9 }; }, /files must be a list/],
  ['a file that is null', (m) => { (m as { files: unknown }).files = [null]; }, /files\[0\] must have/],
  ['a summary that is a list', (m) => { m.summary = []; }, /summary must be an object/],
])('a manifest with %s is refused with what is wrong', async (_, change, message) => {
  await forge(change);
  const error = await readManifest(join(folder, 'a')).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ArtifactError);
  expect((error as Error).message).toMatch(message);
});

test('a folder of artifacts is none: one of them is to be chosen', async () => {
  for (const name of ['2', '10']) await writeTensor(join(folder, 'all', name), tensor, { schema: 's@1' });
  await expect(readManifest(join(folder, 'all'))).rejects.toThrow(`${join(folder, 'all')} must be an artifact; it is a folder of 2. Choose one, as ${join(folder, 'all', '10')}.`);
  await expect(readManifest(join(folder, 'none'))).rejects.toThrow(/artifact\.json must be a readable artifact manifest; .*no such file/);
});

test.each(['null', '1', '[]', '"x"', '{', '', '{"format":1}'])('%s is no manifest', async (text) => {
  await writeTensor(join(folder, 'a'), tensor, { schema: 's@1' });
  await writeFile(join(folder, 'a/artifact.json'), text);
  await expect(readManifest(join(folder, 'a'))).rejects.toThrow(ArtifactError);
});

test.each(['.', '..', 'a/b', '../x', 'con', 'NUL', 'lpt1.kernel', 'x'.repeat(300), 'a b', 'a\u0000', '', 'é', 'a\u001b'])('a tensor set can not be written with a tensor called %j', async (name) => {
  await expect(writeTensorSet(join(folder, 's'), { tensors: new Map([[name, tensor]]), metadata: {} }, { schema: 's@1' })).rejects.toThrow(/a tensor's name must/);
});

test('tensors whose names differ by capitals alone would share a file on some systems, and are refused', async () => {
  await expect(writeTensorSet(join(folder, 's'), { tensors: new Map([['Conv', tensor], ['conv', tensor]]), metadata: {} }, { schema: 's@1' })).rejects.toThrow(/differ by more than capitals/);
});

test.each<[string, unknown, RegExp]>([
  ['leads out of the folder', { names: ['../a/tensor'], metadata: {} }, /must consist of letters/],
  ['is absolute', { names: ['/tmp/x'], metadata: {} }, /must consist of letters/],
  ['is no text', { names: [{}], metadata: {} }, /names, a list of texts/],
  ['is there twice', { names: ['k', 'k'], metadata: {} }, /"k" stands there twice/],
  ['is of a device', { names: ['con'], metadata: {} }, /Windows keeps the name/],
  ['has no file', { names: ['k', 'm'], metadata: {} }, /m\.arrow is missing/],
  ['is left out', { names: [], metadata: {} }, /k\.arrow is none of them/],
  ['stands in no list', { names: 'k', metadata: {} }, /names, a list of texts/],
  ['stands beside metadata that are null', { names: ['k'], metadata: null }, /metadata, an object/],
  ['stands nowhere', null, /names, a list of texts/],
])('a tensor set is refused if a name in it %s', async (_, content, message) => {
  const path = join(folder, 's');
  await writeTensorSet(path, { tensors: new Map([['k', tensor]]), metadata: {} }, { schema: 's@1' });
  await writeFile(join(path, 'metadata.json'), JSON.stringify(content));
  await rm(join(path, 'artifact.json'));
  const { sealArtifact } = await import('../../src/index.js');
  await sealArtifact(path, { kind: 'tensor-set', schema: 's@1' });
  await expect(readTensorSet(path, { schema: 's@1' })).rejects.toThrow(message);
});

test('a file name is refused if any system would', () => {
  for (const name of ['', '.', '..', 'a/b', 'a\\b', 'a:b', 'a?', 'COM1', 'com9.txt', 'Aux.arrow', 'end.', 'end ', 'x'.repeat(256), 'é'.repeat(130), 'a\nb']) expect({ name, fault: fileNameFault(name) }).toEqual({ name, fault: expect.any(String) });
  for (const name of ['a', 'conv1.kernel', 'console', 'com10', '.hidden', 'x'.repeat(255)]) expect(fileNameFault(name)).toBeUndefined();
});

test('an inner path is refused if it could lead out', () => {
  for (const path of ['', '/', '..', 'a/..', './a', 'a/./b', 'a//b', 'a/', 'c:\\x', 'a\u0000b', 'a/' + 'x'.repeat(256)]) expect({ path, fault: innerPathFault(path) }).toEqual({ path, fault: expect.any(String) });
  for (const path of ['a', 'figures/capacity.svg', '...', 'a..b', 'con']) expect(innerPathFault(path)).toBeUndefined();
});
