import type { Panel } from '../figures/figure.js';

/** With this many dots or cells in a panel or more, none has a title of its own: titles would weigh more than they tell. */
const mostInPanel = 400;

/** The number of dots or cells of a panel that can say their values to the pointer. */
export function markCount(panel: Panel): number {
  switch (panel.kind) {
    case 'chart': return panel.lines.reduce((sum, { points }) => sum + points.length, 0);
    case 'scatter': return panel.points.length;
    case 'heat': return panel.rows.length * panel.columns.length;
    case 'table': return panel.rows.length * panel.columns.length;
    case 'images': return 0;
  }
}

/** Whether a panel has few enough marks for titles. */
export function canBeTitled(panel: Panel): boolean {
  return markCount(panel) < mostInPanel;
}
