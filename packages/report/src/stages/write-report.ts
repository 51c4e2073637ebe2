import { examplesSchema, labelsTable, readTable, readTensor, type Json } from '@memgeo/artifacts';
import { StageError, type StageContext } from '@memgeo/stage';
import type { z } from 'zod';
import { composeReport } from '../page/compose-report.js';
import { sortLayers } from '../rows/gather.js';
import type { reportParams } from './html.js';
import { readReportTables, type TableInputs } from './read-report-tables.js';
import { writeReportFolder } from './write-report-folder.js';

type Context = Pick<StageContext, 'lineage' | 'inputKeys' | 'progress' | 'warn'> & {
  readonly params: z.output<typeof reportParams>;
  readonly inputs: TableInputs & { readonly data?: { readonly examples: string; readonly labels: string } | undefined };
  readonly outputs: { readonly report: string };
};

/** Reads the tables, composes the page, writes the folder. */
export async function writeReport({ params, inputs, outputs, lineage, inputKeys, progress, warn }: Context): Promise<{ [fact: string]: Json }> {
  const { title, question, command, layers, epochPanels } = params;
  const { tables, allLayers } = await readReportTables(inputs, { layers });
  const unknown = layers.find((layer) => !allLayers.includes(layer));
  if (unknown !== undefined) throw new StageError(`report/html: layers must name layers of the geometry tables; got "${unknown}". Choose from ${allLayers.join(', ') || '(there are none)'}.`);
  const data = inputs.data === undefined ? undefined : { examples: await readTensor(inputs.data.examples, { schema: examplesSchema }), labels: await readTable(inputs.data.labels, labelsTable) };

  const report = composeReport({ ...tables, data, lineage, inputKeys }, { title, question, command, panelCount: epochPanels });
  if (data !== undefined && !report.figures.has('sample-images')) warn('The metadata of the examples (height, width, channels) do not describe gray or color images: the figure of sample images is left out.');
  await writeReportFolder(outputs.report, { report, tables, about: { title, command, lineage } }, { progress, warn });
  return { figures: report.figures.size, layers: sortLayers(tables.geometry?.rows ?? []).length };
}
