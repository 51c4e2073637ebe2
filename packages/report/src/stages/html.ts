import { geometryTable, historyTable, labelsTable, examplesSchema, reportSchema } from '@memgeo/artifacts';
import { defineStage, StageError } from '@memgeo/stage';
import { z } from 'zod';

const params = z.strictObject({
  title: z.string().min(1).default('Where, when and why a network memorizes').describe('Title of the page.'),
  question: z.string().default('A network is trained on images of which some carry wrong labels. In which layers, after how many epochs, and by what change of geometry does it learn those by heart?').describe('The question the report answers, below the title.'),
  layers: z.array(z.string()).default([]).describe('Layers to show, as in conv2.pool; empty shows all.'),
  epochPanels: z.int().min(1).max(60).default(6).describe('Most epochs with a panel of their own in the figures against the layer; the first, the last and the best test epoch come first.'),
  command: z.string().default('').describe('The command that makes the report again, printed in it.'),
});

/** One self-contained HTML page with figures, what they show, and how they came about. */
export const stage = defineStage({
  id: 'report/html',
  version: 1,
  description: 'Draws accuracies and manifold geometry, states what they show, and writes one self-contained HTML page with its figures and tables.',
  params,
  inputs: {
    geometry: { form: 'artifact', kind: 'table', schema: geometryTable.schema, isMany: true, description: 'Geometry tables, one per point of a matrix, as over epochs.' },
    history: { form: 'artifact', kind: 'table', schema: historyTable.schema, description: 'Loss and accuracy per epoch.' },
    data: {
      form: 'bundle',
      isOptional: true,
      description: 'The examples and their labels, for a figure of sample images.',
      parts: {
        examples: { kind: 'tensor', schema: examplesSchema, description: 'Images, one row each.' },
        labels: { kind: 'table', schema: labelsTable.schema, description: 'True and assigned label of each image.' },
      },
    },
  },
  outputs: { report: { kind: 'folder', schema: reportSchema, description: 'index.html, figures as SVG and PNG, tables as CSV and Parquet.' } },
  resources: { threads: 1, memoryBytes: 1 << 30 },
  run: async ({ params, inputs, outputs, lineage, progress, warn }) => {
    const { mkdir, writeFile } = await import('node:fs/promises');
    const { join } = await import('node:path');
    const { defineTable, readTable, readTensor, sealArtifact, writeTableFile } = await import('@memgeo/artifacts');
    const { gatherGeometry, sortLayers } = await import('../rows/gather.js');
    const { axisColumns, withAxes } = await import('../tables/axis-columns.js');
    const { toCsv } = await import('../tables/csv.js');
    const { composeReport } = await import('../page/compose-report.js');
    const { canDrawText, rasterize } = await import('../drawing/rasterize.js');

    const points = await Promise.all(inputs.geometry.map(async ({ coordinates, location }) => ({ coordinates, rows: await readTable(location, geometryTable) })));
    const geometry = gatherGeometry(points, { layers: params.layers });
    const known = sortLayers(points.flatMap((point) => point.rows));
    const unknown = params.layers.find((layer) => !known.includes(layer));
    if (unknown !== undefined) throw new StageError(`report/html: layers must name layers of the geometry tables; got "${unknown}". Choose from ${known.join(', ') || '(there are none)'}.`);
    const history = (await readTable(inputs.history, historyTable)).sort((a, b) => a.epoch - b.epoch);
    const data = inputs.data === undefined ? undefined : { examples: await readTensor(inputs.data.examples, { schema: examplesSchema }), labels: await readTable(inputs.data.labels, labelsTable) };

    const { page, figures, claims } = composeReport({ geometry, history, data, lineage }, { ...params, panelCount: params.epochPanels });
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
      { name: 'history', schema: historyTable, rows: history },
    ] as const;
    for (const { name, schema, rows } of tables) {
      await writeFile(join(folder, 'tables', `${name}.csv`), toCsv(Object.keys(schema.columns), rows));
      await writeTableFile(join(folder, 'tables', `${name}.parquet`), schema, rows as never);
    }
    await sealArtifact(folder, { kind: 'folder', schema: reportSchema, summary: { title: params.title, figures: figures.size } });
    return { claims: Object.fromEntries(claims.map(({ name, verdict }) => [name, verdict])) };
  },
});
