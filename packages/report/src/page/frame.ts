import type { DrawnFigure } from '../drawing/draw-groups.js';
import { escapeMarkup as e } from '../drawing/escape.js';
import type { Trace } from '../provenance/trace.js';
import { contentsNav, partHeading, slug, type Part } from './contents.js';
import { figureSection } from './figure-section.js';
import { contentPolicy, pageScript } from './script.js';
import { pageStyle } from './style.js';

/** A part of a page under its heading; what is found first stands in a box. */
export type Section = Part & { readonly body: string; readonly isBoxed?: boolean };

/** A heading and the figures below it; a folded group is for those who look for it. */
export type DrawnGroup = { readonly heading: string; readonly isFolded: boolean; readonly figures: readonly DrawnFigure[] };

/**
 * Frames sections as one HTML page with contents, that needs no other file and no network.
 *
 * All of it can be read without its script, but for long tables of values, which lie in the tables beside the page too.
 *
 * @param options.scope  What was analyzed, in a sentence.
 */
export function composeFrame(sections: readonly Section[], { title, question, scope }: { title: string; question: string; scope: string }): string {
  const written = ({ id, heading, body, isBoxed }: Section): string => `<section${isBoxed ? ' class="abstract"' : ''} aria-labelledby="${id}">\n${partHeading(id, heading)}\n${body}\n</section>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="memgeo report">
<title>${e(title)}</title>
<style>${pageStyle}</style>
<script>${pageScript}</script>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<div class="page">
${contentsNav(sections)}
<main id="main" tabindex="-1">
<header><button type="button" class="scheme script-only" aria-pressed="false">Dark colors</button><h1>${e(title)}</h1><p class="question">${e(question)}</p><p class="note">${e(scope)}</p></header>
${sections.map(written).join('\n')}
</main>
</div>
<div class="tooltip" aria-hidden="true" hidden></div>
<p class="hidden-text" aria-live="polite"></p>
</body>
</html>
`;
}

export function section(heading: string, body: string): Section {
  return { id: slug(heading), heading, body, figures: [] };
}

/** The groups that have figures, which are numbered through. */
export function figureSections(groups: readonly DrawnGroup[], trace: Trace): Section[] {
  let number = 0;
  return groups.filter((group) => group.figures.length > 0).map(({ heading, isFolded, figures }) => {
    const numbered = figures.map((drawn) => ({ drawn, number: ++number }));
    const body = numbered.map(({ drawn, number }) => figureSection(drawn, { number, trace })).join('\n');
    return {
      ...section(heading, isFolded ? `<details class="group"><summary>Show ${figures.length} ${figures.length === 1 ? 'figure' : 'figures'}</summary>${body}</details>` : body),
      figures: numbered.map(({ drawn: { figure: { name, title } }, number }) => ({ name, title, number })),
    };
  });
}
