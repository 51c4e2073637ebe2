import type { LineageNode } from '@memgeo/stage';
import { drawGroups } from '../drawing/draw-groups.js';
import { standaloneFigures, type Report } from '../page/compose-report.js';
import { composeFrame, figureSections, section } from '../page/frame.js';
import { lineageSection } from '../page/lineage.js';
import { glossarySection, reproduceSection } from '../page/sections.js';
import { madeFromNote } from '../provenance/made-from.js';
import { traceInputs, type InputKeys } from '../provenance/trace.js';
import { sortMeasures } from '../rows/measures.js';
import { sortSets } from '../rows/sets.js';
import { comparedFigures } from './compared-figures.js';
import type { ComparedRun } from './compared-run.js';
import { claimsTable, differencesTable } from './comparison-sections.js';
import { parameterDifferences } from './parameter-differences.js';

/**
 * Composes a page that sets runs side by side: in what they differ, what their claims come to, and their figures on the same scales.
 *
 * @param runs  At least two, with different names.
 * @param options.lineage  How the reports were made, if that is known, and by inputKeys which actions made them.
 */
export function composeComparison(runs: readonly ComparedRun[], { title, command, lineage = [], inputKeys = {} }: { title: string; command: string; lineage?: readonly LineageNode[]; inputKeys?: InputKeys }): Report {
  const sets = sortSets(runs.flatMap((run) => [...run.history, ...run.geometry].map((row) => row.set)));
  const trace = traceInputs(lineage, inputKeys);
  const groups = drawGroups(comparedFigures(runs), { sets });
  const measures = sortMeasures(groups.some(({ heading, figures }) => heading === 'Geometry' && figures.length > 0) ? ['capacity', 'radius', 'dimension', 'centerCorrelation'] : []);
  const page = composeFrame([
    section('What differs', differencesTable(runs, parameterDifferences(runs.map(({ lineage }) => lineage)))),
    section('What the claims come to', claimsTable(runs) + madeFromNote(trace, ['reports'])),
    ...figureSections(groups, trace),
    section('What the words mean', glossarySection(sets, measures)),
    ...(lineage.length === 0 ? [] : [section('What was run', lineageSection(lineage, trace))]),
    section('How to make it again', reproduceSection(command)),
  ], { title, question: 'In what do these runs differ, and what follows from it?', scope: `${runs.length} runs: ${runs.map((run) => `${run.name} (${run.title})`).join('; ')}.` });
  return { page, trace, ...standaloneFigures(groups, trace) };
}
