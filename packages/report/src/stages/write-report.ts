import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineTable, examplesSchema, geometryTable, historyTable, labelsTable, readTable, readTensor, reportSchema, sealArtifact, similarityTable, writeTableFile, type Json } from '@memgeo/artifacts';
import { StageError, type InputPoint, type StageContext } from '@memgeo/stage';
import type { z } from 'zod';
import { canDrawText, rasterize } from '../drawing/rasterize.js';
import { composeReport } from '../page/compose-report.js';
import { gatherGeometry, sortLayers } from '../rows/gather.js';
import { gatherSimilarity } from '../rows/gather-similarity.js';
import { axisColumns, withAxes } from '../tables/axis-columns.js';
import { toCsv } from '../tables/csv.js';
import type { reportParams } from './html.js';

type Context = Pick<StageContext, 'lineage' | 'progress' | 'warn'> & {
  readonly params: z.output<typeof reportParams>;
  readonly inputs: {
    readonly geometry: readonly InputPoint<string>[];
    readonly similarity?: readonly InputPoint<string>[] | undefined;
    readonly history: string;
    readonly data?: { readonly examples: string; readonly labels: string } | undefined;
  };
  readonly outputs: { readonly report: string };
};

/** Reads the tables, composes the page, writes the folder. */
export async function writeReport({ params, inputs, outputs, lineage, progress, warn }: Context): Promise<{ [fact: string]: Json }> {
  const points = await Promise.all(inputs.geometry.map(async ({ coordinates, location }) => ({ coordinates, rows: await readTable(location, geometryTable) })));
  const geometry = gatherGeometry(points, { layers: params.layers });
  const known = sortLayers(points.flatMap((point) => point.rows));
  const unknown = params.layers.find((layer) => !known.includes(layer));
  if (unknown !== undefined) throw new StageError(`report/html: layers must name layers of the geometry tables; got "${unknown}". Choose from ${known.join(', ') || '(there are none)'}.`);
  const similarity = inputs.similarity && gatherSimilarity(await Promise.all(inputs.similarity.map(async ({ coordinates, location }) => ({ coordinates, rows: await readTable(location, similarityTable) }))), { layers: params.layers });
  const history = (await readTable(inputs.history, historyTable)).sort((a, b) => a.epoch - b.epoch);
  const data = inputs.data === undefined ? undefined : { examples: await readTensor(inputs.data.examples, { schema: examplesSchema }), labels: await readTable(inputs.data.labels, labelsTable) };

  const { page, figures, claims } = composeReport({ geometry, similarity: similarity?.rows ?? [], history, data, lineage }, { ...params, panelCount: params.epochPanels });
  if (data !== undefined && !figures.has('sample-images')) warn(`The metadata of the examples (height, width, channels) do not describe gray or color images: the figure of sample images is left out.`);
  if (!canDrawText()) warn('This machine has no fonts, so the PNG figures have no text; index.html and the SVG figures do. Install one, such as fonts-dejavu-core.');

  const folder = outputs.report;
  await mkdir(join(folder, 'figures'), { recursive: true });
  await mkdir(join(folder, 'tables'));
  await writeFile(join(folder, 'index.html'), page);
  let drawn = 0;
  for (const [name, svg] of figures) {
    await writeFile(join(folder, 'figures', `${name}.svg`), svg);
    await writeFile(join(folder, 'figures', `${name}.png`), rasterize(svg));
    progress(++drawn, figures.size, name);
  }
  const geometryWithAxes = defineTable(geometryTable.schema, { ...axisColumns(geometry), ...geometryTable.columns });
  const tables = [
    { name: 'geometry', schema: geometryWithAxes, rows: withAxes(geometry) },
    ...(similarity ? [{ name: 'similarity', schema: defineTable(similarityTable.schema, { ...axisColumns(similarity), ...similarityTable.columns }), rows: withAxes(similarity) }] : []),
    { name: 'history', schema: historyTable, rows: history },
  ];
  for (const { name, schema, rows } of tables) {
    await writeFile(join(folder, 'tables', `${name}.csv`), toCsv(Object.keys(schema.columns), rows));
    await writeTableFile(join(folder, 'tables', `${name}.parquet`), schema, rows as never);
  }
  await sealArtifact(folder, { kind: 'folder', schema: reportSchema, summary: { title: params.title, figures: figures.size } });
  return { claims: Object.fromEntries(claims.map(({ name, verdict }) => [name, verdict])) };
}
