import {
  claimsTable, distanceGapTable, distancesTable, geometryTable, gradientsTable, historyTable, labeledExamples, learningTable, phasesTable, reportSchema, rewindingTable, similarityTable,
} from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const reportParams = z.strictObject({
  title: z.string().min(1).default('Where, when and why a network memorizes').describe('Title of the page.'),
  question: z.string().default('A network is trained on images of which some carry wrong labels. In which layers, after how many epochs, and by what change of geometry does it learn those by heart?').describe('The question the report answers, below the title.'),
  layers: z.array(z.string()).default([]).describe('Layers to show, as in conv2.pool; empty shows all.'),
  epochPanels: z.int().min(1).max(60).default(6).describe('Most epochs with a panel of their own in the figures against the layer; the first, the last and the best test epoch come first.'),
  command: z.string().default('').describe('The command that makes the report again, printed in it.'),
});

/** One self-contained HTML page with figures, what they show, and how they came about. */
export const stage = defineStage({
  id: 'report/html',
  version: 2,
  description: 'Draws what was measured and states what it shows: one self-contained HTML page with its figures and tables.',
  params: reportParams,
  inputs: {
    history: { form: 'artifact', kind: 'table', schema: historyTable.schema, isMany: true, description: 'Loss and accuracy per epoch, a table per run.' },
    learning: { form: 'artifact', kind: 'table', schema: learningTable.schema, isMany: true, isOptional: true, description: 'When each training image was learned and forgotten, and its margins, a table per run.' },
    geometry: { form: 'artifact', kind: 'table', schema: geometryTable.schema, isMany: true, isOptional: true, description: 'Geometry tables, one per point of a matrix, as over epochs.' },
    similarity: { form: 'artifact', kind: 'table', schema: similarityTable.schema, isMany: true, isOptional: true, description: 'Similarity tables, for maps of layers and epochs.' },
    rewinding: { form: 'artifact', kind: 'table', schema: rewindingTable.schema, isMany: true, isOptional: true, description: 'Accuracies of networks with layers set back, a table per run.' },
    gradients: { form: 'artifact', kind: 'table', schema: gradientsTable.schema, isMany: true, isOptional: true, description: 'The gradient in two parts, a table per epoch and run.' },
    distances: { form: 'artifact', kind: 'table', schema: distancesTable.schema, isMany: true, isOptional: true, description: 'How far weights moved, a table per run.' },
    distanceGap: { form: 'artifact', kind: 'table', schema: distanceGapTable.schema, isOptional: true, description: 'Whether runs whose weights moved farther generalize worse.' },
    phases: { form: 'artifact', kind: 'table', schema: phasesTable.schema, isOptional: true, description: 'Phases of learning, as geometry/reconstruction finds them.' },
    claims: { form: 'artifact', kind: 'table', schema: claimsTable.schema, isOptional: true, description: 'What report/claims judged; without it the page states no findings.' },
    data: { form: 'bundle', isOptional: true, description: 'The examples and their labels, for a figure of sample images.', parts: labeledExamples },
  },
  outputs: { report: { kind: 'folder', schema: reportSchema, description: 'index.html, figures as SVG and PNG, tables as CSV and Parquet.' } },
  resources: { threads: 1 },
  run: async (context) => (await import('./write-report.js')).writeReport(context),
});
