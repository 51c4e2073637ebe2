import { drawGroups } from '../drawing/draw-groups.js';
import { standaloneFigures, type Report } from '../page/compose-report.js';
import { composeFrame, figureSections, section } from '../page/frame.js';
import { glossarySection, reproduceSection } from '../page/sections.js';
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
 */
export function composeComparison(runs: readonly ComparedRun[], { title, command }: { title: string; command: string }): Report {
  const sets = sortSets(runs.flatMap((run) => [...run.history, ...run.geometry].map((row) => row.set)));
  const groups = drawGroups(comparedFigures(runs), { sets });
  const measures = sortMeasures(groups.some(({ heading, figures }) => heading === 'Geometry' && figures.length > 0) ? ['capacity', 'radius', 'dimension', 'centerCorrelation'] : []);
  const page = composeFrame([
    section('What differs', differencesTable(runs, parameterDifferences(runs.map(({ lineage }) => lineage)))),
    section('What the claims come to', claimsTable(runs)),
    ...figureSections(groups),
    section('What the words mean', glossarySection(sets, measures)),
    section('How to make it again', reproduceSection(command)),
  ], { title, question: 'In what do these runs differ, and what follows from it?', scope: `${runs.length} runs: ${runs.map((run) => `${run.name} (${run.title})`).join('; ')}.` });
  return { page, figures: standaloneFigures(groups) };
}
