import type { LineageNode } from '@memgeo/stage';
import type { Abstract } from '../claims/abstract.js';
import { escapeMarkup as e } from '../drawing/escape.js';
import type { Note } from '../rows/notes.js';
import { lineageSection } from './lineage.js';
import { abstractSection, figureSection, glossarySection, notesSection, referencesSection, reproduceSection, type DrawnFigure } from './sections.js';
import { pageStyle } from './style.js';

/** Everything the page says. */
export type PageContent = {
  readonly title: string;
  readonly question: string;
  /** What was analyzed, in a sentence. */
  readonly scope: string;
  readonly abstract: Abstract;
  /** Headed groups of figures, numbered through; a folded group is for those who look for it. */
  readonly groups: readonly { readonly heading: string; readonly isFolded: boolean; readonly figures: readonly DrawnFigure[] }[];
  readonly notes: readonly Note[];
  readonly sets: readonly string[];
  readonly measures: readonly string[];
  readonly lineage: readonly LineageNode[];
  /** The command that makes the report again; empty if unknown. */
  readonly command: string;
};

/** Composes the report: one HTML page that needs no other file, no network and no script. */
export function composePage(content: PageContent): string {
  let number = 0;
  const groups = content.groups.filter((group) => group.figures.length > 0).map(({ heading, isFolded, figures }) => {
    const body = figures.map((figure) => figureSection(figure, ++number)).join('\n');
    return `<h2>${e(heading)}</h2>\n${isFolded ? `<details><summary>Show ${figures.length} ${figures.length === 1 ? 'figure' : 'figures'}</summary>${body}</details>` : body}`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="memgeo report/html">
<title>${e(content.title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header><h1>${e(content.title)}</h1><p class="question">${e(content.question)}</p></header>
${abstractSection(content.abstract)}
<p class="note">${e(content.scope)}</p>
${groups.join('\n')}
<h2>What the words mean</h2>
${glossarySection(content.sets, content.measures)}
${notesSection(content.notes)}
<h2>What was run</h2>
${lineageSection(content.lineage)}
<h2>How to make it again</h2>
${reproduceSection(content.command)}
<h2>References</h2>
${referencesSection()}
</main>
</body>
</html>
`;
}
