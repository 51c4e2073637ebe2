/** Figures, what can be done with them, and the tooltip. With the script, the pointer goes through drawings, so that the browser shows no tooltips of its own. */
export const figuresStyle = `
figure { margin: 2.25rem 0; }
figcaption { color: var(--muted); font-size: 0.9rem; margin-top: 0.25rem; }
.made-from { color: var(--muted); font-size: 0.82rem; line-height: 1.45; margin: 0.3rem 0 0; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1rem 1.25rem; }
.panels.two { grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 28rem)); }
.panels svg { display: block; width: 100%; height: auto; }
.figure-tools { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: start; justify-content: space-between; margin-top: 0.4rem; max-width: 46rem; font-size: 0.9rem; }
.figure-tools .values { flex: 1 1 12rem; min-width: 0; max-width: 100%; margin: 0.25rem 0; }
.figure-tools .values[open] { flex-basis: 100%; }
.has-script .exports { display: flex; gap: 0.4rem; }
.values .scroll { max-height: 24rem; overflow: auto; margin-top: 0.4rem; }
.values thead th { position: sticky; top: 0; background: var(--ground); }
.values td:nth-child(n + 4) { text-align: right; }
.has-script .panels svg, .has-script .panels svg * { pointer-events: none; }
.panels .is-current { stroke: var(--text); stroke-width: 4; stroke-opacity: 1; paint-order: stroke; }
.tooltip { position: fixed; z-index: 2; max-width: min(22rem, calc(100vw - 16px)); padding: 0.3rem 0.6rem; background: var(--text); color: var(--ground); border-radius: 4px; font-size: 0.82rem; line-height: 1.35; pointer-events: none; }
`;
