import type { LineageNode } from '@memgeo/stage';
import type { Abstract } from '../claims/compose-abstract.js';
import { escapeMarkup as e } from '../drawing/escape.js';
import type { Note } from '../rows/notes.js';
import { claimsSection } from './claims-section.js';
import { contentsNav, partHeading, slug, type Part } from './contents.js';
import { figureSection, type DrawnFigure } from './figure-section.js';
import { lineageSection } from './lineage.js';
import { contentPolicy, pageScript } from './script.js';
import { abstractSection, glossarySection, notesSection, referencesSection, reproduceSection } from './sections.js';
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

/** A part of the page under its heading. */
type Section = Part & { readonly body: string };

/**
 * Composes the report: one HTML page that needs no other file and no network.
 *
 * All of it can be read without its script, but for long tables of values, which lie in the tables beside the page too.
 */
export function composePage(content: PageContent): string {
  const hasFindings = content.abstract.answers.length > 0;
  const sections = [
    ...(content.abstract.claims.length === 0 ? [] : [section('What the claims come to', claimsSection(content.abstract.claims.flatMap(({ criteria }) => criteria)))]),
    ...figureSections(content.groups),
    section('What the words mean', glossarySection(content.sets, content.measures)),
    ...(content.notes.length === 0 ? [] : [section('Notes on the measurements', notesSection(content.notes))]),
    section('What was run', lineageSection(content.lineage)),
    section('How to make it again', reproduceSection(content.command)),
    section('References', referencesSection()),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="memgeo report/html">
<title>${e(content.title)}</title>
<style>${pageStyle}</style>
<script>${pageScript}</script>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<div class="page">
${contentsNav([...(hasFindings ? [{ id: 'findings', heading: 'What was found', figures: [] }] : []), ...sections])}
<main id="main" tabindex="-1">
<header><button type="button" class="scheme script-only" aria-pressed="false">Dark colors</button><h1>${e(content.title)}</h1><p class="question">${e(content.question)}</p></header>
${hasFindings ? abstractSection(content.abstract) : ''}
<p class="note">${e(content.scope)}</p>
${sections.map(({ id, heading, body }) => `<section aria-labelledby="${id}">\n${partHeading(id, heading)}\n${body}\n</section>`).join('\n')}
</main>
</div>
<div class="tooltip" aria-hidden="true" hidden></div>
<p class="hidden-text" aria-live="polite"></p>
</body>
</html>
`;
}

/** The groups that have figures, which are numbered through. */
function figureSections(groups: PageContent['groups']): Section[] {
  let number = 0;
  return groups.filter((group) => group.figures.length > 0).map(({ heading, isFolded, figures }) => {
    const numbered = figures.map((drawn) => ({ drawn, number: ++number }));
    const body = numbered.map(({ drawn, number }) => figureSection(drawn, number)).join('\n');
    return {
      ...section(heading, isFolded ? `<details class="group"><summary>Show ${figures.length} ${figures.length === 1 ? 'figure' : 'figures'}</summary>${body}</details>` : body),
      figures: numbered.map(({ drawn: { figure: { name, title } }, number }) => ({ name, title, number })),
    };
  });
}

function section(heading: string, body: string): Section {
  return { id: slug(heading), heading, body, figures: [] };
}
