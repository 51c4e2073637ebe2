/** On paper: no buttons and no contents, folded figures open, tables of values left out, figures in one piece where they fit. */
export const printStyle = `
@page { margin: 14mm; }
@media print {
  body { font-size: 10pt; }
  .contents, .skip, .script-only, .has-script .script-only, .has-script .exports, .tooltip, .values { display: none; }
  .page { display: block; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  figure, .claim, .panels > div, tr, pre { break-inside: avoid; }
  .panels, .panels.two { grid-template-columns: 1fr 1fr; gap: 0.6rem 1rem; }
  .group > summary { display: none; }
  .group::details-content { content-visibility: visible; display: block; }
  .abstract { border: 1px solid var(--line); }
}
`;
