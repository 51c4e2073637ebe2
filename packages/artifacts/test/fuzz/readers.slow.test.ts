import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCampaign } from './campaign.js';
import { makeFormats } from './formats.js';

const count = Number(process.env.MEMGEO_FUZZ_FILES ?? 1000);
// The same files every time; another seed tries others.
const seed = Number(process.env.MEMGEO_FUZZ_SEED ?? 20_783);

test(`${count} damaged files of every format, those of seed ${seed}, are read or refused by one clear ArtifactError`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'memgeo-fuzz-'));
  try {
    for (const [name, format] of Object.entries(await makeFormats(folder))) {
      const { tried, failures } = await runCampaign(format, { count, seed });
      expect({ name, tried, failures }).toEqual({ name, tried: count, failures: [] });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 3_600_000);
