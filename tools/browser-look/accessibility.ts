import axe from 'axe-core';
import type { Page } from 'playwright-core';
import type { Look } from './open-report.js';

type Violation = { readonly id: string; readonly help: string; readonly nodes: readonly { readonly target: readonly string[] }[] };

/** Runs axe-core over the page as it stands: no violation of WCAG 2.0, 2.1 or 2.2, levels A and AA. */
export async function lookAtAccessibility(tab: Page): Promise<Look> {
  await tab.evaluate(axe.source);
  const violations = await tab.evaluate<Violation[]>(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] }).then((result) => result.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target }) => ({ target: target.map(String) })) })))`);
  return { title: 'axe finds no violation of WCAG A and AA', problems: violations.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.length} times, as ${nodes[0]!.target.join(' ')}`) };
}
