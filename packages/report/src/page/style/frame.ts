/** Text, headings, contents and everything that is not a figure or a claim. */
export const frameStyle = `
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
main { max-width: 84rem; padding: 1.5rem clamp(1rem, 4vw, 3rem) 4rem; min-width: 0; }
main:focus { outline: none; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; margin: 0.5rem 0; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 0.75rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.08rem; line-height: 1.35; margin: 0 0 0.5rem; }
p, li, dd, dt, figcaption { max-width: 46rem; }
a { color: var(--link); }
.question { font-size: 1.15rem; color: var(--muted); margin: 0 0 1.5rem; }
.note { color: var(--muted); font-size: 0.88rem; }
.hidden-text { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 0.5rem; top: -4rem; z-index: 3; padding: 0.5rem 0.9rem; background: var(--ground); border: 1px solid var(--edge); }
.skip:focus { top: 0.5rem; }
.script-only { display: none; }
.has-script .script-only { display: revert; }
button { font: inherit; font-size: 0.82rem; line-height: 1.3; color: var(--link); background: var(--ground); border: 1px solid var(--edge); border-radius: 4px; padding: 0.3rem 0.65rem; min-height: 1.75rem; cursor: pointer; }
button:hover { background: var(--box); }
button[aria-pressed="true"]::before { content: "✓ "; }
header .scheme { float: right; margin: 0 0 0.5rem 1rem; }
.contents { padding: 1rem clamp(1rem, 4vw, 3rem) 0; font-size: 0.9rem; line-height: 1.4; }
.contents ul, .contents ol { list-style: none; margin: 0; padding: 0; }
.contents li { margin: 0.5rem 0; }
.contents a { text-decoration: none; }
.contents a:hover { text-decoration: underline; }
.contents ol { font-size: 0.82rem; padding-left: 0.1rem; }
.contents ol li { margin: 0.3rem 0; padding-left: 1.6rem; text-indent: -1.6rem; }
.contents ol a { color: var(--muted); }
.figure-number { display: inline-block; width: 1.3rem; text-indent: 0; font-variant-numeric: tabular-nums; }
@media (min-width: 75rem) {
  .page { display: grid; grid-template-columns: 16rem minmax(0, 84rem); justify-content: center; }
  .contents { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 2rem 0 2rem 1.5rem; }
  .contents summary { display: none; }
}
.swatch { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 2px; margin-right: 0.4em; }
dt { font-weight: 600; margin-top: 0.6rem; }
dd { margin: 0 0 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); padding: 0.25rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 1rem 0.35rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; overflow-wrap: normal; }
th[scope="row"] { font-weight: 400; }
td.number, th.number { text-align: right; }
details { margin: 0.6rem 0; }
.actions { font-size: 0.85rem; max-width: none; }
details:target > summary { outline: 2px solid var(--edge); outline-offset: 2px; }
summary { cursor: pointer; color: var(--link); }
pre, code { font: 0.82rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
pre { background: var(--box); border-radius: 6px; padding: 0.75rem; white-space: pre-wrap; margin: 0.4rem 0; }
@media (max-width: 36rem) { th, td { padding-right: 0.55rem; font-size: 0.78rem; } }
`;
