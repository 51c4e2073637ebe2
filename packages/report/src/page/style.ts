/** The page's style: light and dark by the reader's setting, one column on narrow screens. */
export const pageStyle = `
:root { color-scheme: light dark; --text: #1a1d21; --muted: #565d66; --ground: #ffffff; --box: #f4f5f7; --line: #d5d9de; --link: #0b5fa5; --good: #0a6b45; --bad: #9a4a00; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8ea; --muted: #a4abb3; --ground: #14171a; --box: #1e2226; --line: #3a4047; --link: #7cc0f5; --good: #5fd0a0; --bad: #f0a95c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
main { max-width: 84rem; margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 3rem) 4rem; }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; margin: 0.5rem 0; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 0.75rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
p, li, dd, dt, figcaption { max-width: 46rem; }
a { color: var(--link); }
.question { font-size: 1.15rem; color: var(--muted); margin: 0 0 1.5rem; }
.abstract { background: var(--box); border-radius: 8px; padding: 0.5rem 1.25rem 1rem; }
.abstract h2 { border: 0; padding: 0; margin: 0.75rem 0; }
.abstract h3 { font-size: 1.05rem; line-height: 1.4; margin: 1.1rem 0 0.4rem; }
.aspect { color: var(--muted); }
.abstract ul { list-style: none; padding: 0; margin: 0.75rem 0; }
.abstract li { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0.75rem; margin: 0.5rem 0; max-width: 56rem; }
.abstract .expectation { display: block; color: var(--muted); font-size: 0.85rem; }
.verdict { font-size: 0.8rem; font-weight: 600; white-space: nowrap; padding-top: 0.15rem; color: var(--muted); }
.verdict.holds { color: var(--good); }
.verdict.fails { color: var(--bad); }
.limit { border-left: 4px solid var(--bad); padding-left: 0.75rem; margin: 0.6rem 0; }
figure { margin: 2.25rem 0; }
figure h3 { font-size: 1.08rem; line-height: 1.35; margin: 0 0 0.5rem; }
figcaption { color: var(--muted); font-size: 0.9rem; margin-top: 0.25rem; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1rem 1.25rem; }
.panels.two { grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 28rem)); }
.panels svg { display: block; width: 100%; height: auto; }
.swatch { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 2px; margin-right: 0.4em; }
dt { font-weight: 600; margin-top: 0.6rem; }
dd { margin: 0 0 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 1rem 0.35rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; overflow-wrap: normal; }
td.number, th.number { text-align: right; }
details { margin: 0.6rem 0; }
summary { cursor: pointer; color: var(--link); }
pre, code { font: 0.82rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
pre { background: var(--box); border-radius: 6px; padding: 0.75rem; white-space: pre-wrap; margin: 0.4rem 0; }
.note { color: var(--muted); font-size: 0.88rem; }
@media (max-width: 36rem) { th, td { padding-right: 0.55rem; font-size: 0.78rem; } .abstract li { grid-template-columns: 1fr; gap: 0; } .abstract { padding: 0.25rem 0.9rem 0.75rem; } }
@media print { details { display: block; } }
`;
