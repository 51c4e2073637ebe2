import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { reportSchema, sealArtifact } from '@memgeo/artifacts';
import { distinctNames, findReport } from '../../src/inputs/find-report.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-find-report-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

async function makeReport(...path: string[]): Promise<string> {
  const report = join(folder, ...path);
  await mkdir(report, { recursive: true });
  await writeFile(join(report, 'index.html'), '<!doctype html>');
  await sealArtifact(report, { kind: 'folder', schema: reportSchema, summary: {} });
  return report;
}

describe('findReport', () => {
  test('takes a report by its own folder or by that of its pipeline', async () => {
    const report = await makeReport('quickstart', 'report');
    expect(await findReport(report)).toBe(report);
    expect(await findReport(join(folder, 'quickstart'))).toBe(report);
  });

  test('names the reports of a matrix, of which one must be chosen', async () => {
    await makeReport('memorization', 'report', 'permutedFraction=0');
    await makeReport('memorization', 'report', 'permutedFraction=0.5');
    await expect(findReport(join(folder, 'memorization'))).rejects.toThrow(/is no report\. Name reports in it: .*permutedFraction=0 .*permutedFraction=0\.5/);
  });

  test('says where reports stand if there is none', async () => {
    await expect(findReport(folder)).rejects.toThrow('is no report. Reports stand in results/PIPELINE/report after memgeo run.');
    await expect(findReport(join(folder, 'nowhere'))).rejects.toThrow('does not exist');
  });
});

test.each([
  [['/a/results/quickstart/report', '/a/results/smoke/report'], ['quickstart', 'smoke']],
  [['/r/m/report/fraction=0', '/r/m/report/fraction=1'], ['fraction=0', 'fraction=1']],
  [['/a/results/m/report/fraction=0', '/a/results/n/report'], ['m/fraction=0', 'n']],
  [['/one/report', '/two/report', '/three/report'], ['one', 'two', 'three']],
])('distinctNames(%j)', (paths, names) => {
  expect(distinctNames(paths)).toEqual(names);
});
