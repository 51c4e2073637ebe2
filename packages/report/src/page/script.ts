import { createHash } from 'node:crypto';
import { colorSchemeScript } from './script/color-scheme.js';
import { readMarksScript } from './script/read-marks.js';
import { saveFiguresScript } from './script/save-figures.js';
import { tablesScript } from './script/tables.js';

/** What the page does beyond being read; it stands in the head, so that the colors are right from the start. */
export const pageScript = `(() => {
'use strict';
${[colorSchemeScript, tablesScript, readMarksScript, saveFiguresScript].join('')}
document.addEventListener('DOMContentLoaded', () => {
  startColorScheme();
  startTables();
  startReading();
  startSaving();
});
})();`;

/** The page may run this script and no other, use styles and images within it, and fetch nothing. */
export const contentPolicy = `default-src 'none'; script-src 'sha256-${createHash('sha256').update(pageScript).digest('base64')}'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'`;
