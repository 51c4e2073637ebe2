import type { LineageNode } from '@memgeo/stage';
import type { Abstract } from '../claims/compose-abstract.js';
import type { Note } from '../rows/notes.js';
import { claimsSection } from './claims-section.js';
import { composeFrame, figureSections, section, type DrawnGroup } from './frame.js';
import { lineageSection } from './lineage.js';
import { madeFromNote } from '../provenance/made-from.js';
import type { Trace } from '../provenance/trace.js';
import { abstractSection, glossarySection, notesSection, referencesSection, reproduceSection } from './sections.js';

/** Everything the page says. */
export type PageContent = {
  readonly title: string;
  readonly question: string;
  /** What was analyzed, in a sentence. */
  readonly scope: string;
  readonly abstract: Abstract;
  readonly groups: readonly DrawnGroup[];
  readonly notes: readonly Note[];
  readonly sets: readonly string[];
  readonly measures: readonly string[];
  readonly lineage: readonly LineageNode[];
  readonly trace: Trace;
  /** The command that makes the report again; empty if unknown. */
  readonly command: string;
  /** Whether something was measured under several seeds. */
  readonly hasSeeds: boolean;
};

/** Composes the page of one report. */
export function composePage({ title, question, scope, abstract, groups, notes, sets, measures, lineage, trace, command, hasSeeds }: PageContent): string {
  const sections = [
    ...(abstract.answers.length === 0 ? [] : [{ ...section('What was found', abstractSection(abstract) + madeFromNote(trace, ['claims'])), isBoxed: true }]),
    ...(abstract.claims.length === 0 ? [] : [section('What the claims come to', claimsSection(abstract.claims) + madeFromNote(trace, ['claims']))]),
    ...figureSections(groups, trace),
    section('What the words mean', glossarySection(sets, measures)),
    ...(notes.length === 0 ? [] : [section('Notes on the measurements', notesSection(notes) + madeFromNote(trace, ['geometry']))]),
    section('What was run', lineageSection(lineage, trace)),
    section('How to make it again', reproduceSection(command, { hasSeeds })),
    section('References', referencesSection(groups.flatMap((group) => group.figures.flatMap(({ figure }) => figure.from ?? [])))),
  ];
  return composeFrame(sections, { title, question, scope });
}
