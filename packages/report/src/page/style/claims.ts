/** The findings on top, and the cards of claims. */
export const claimsStyle = `
.abstract { background: var(--box); border-radius: 8px; padding: 0.5rem 1.25rem 1rem; }
.abstract h2 { border: 0; padding: 0; margin: 0.75rem 0; }
.aspect { color: var(--muted); }
.abstract ul { list-style: none; padding: 0; margin: 0.75rem 0; }
.abstract li { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0.75rem; margin: 0.5rem 0; max-width: 56rem; }
.verdict { font-size: 0.8rem; font-weight: 600; white-space: nowrap; padding-top: 0.15rem; color: var(--muted); }
.verdict.holds { color: var(--good); }
.verdict.fails { color: var(--bad); }
.limit { border-left: 4px solid var(--bad); padding-left: 0.75rem; margin: 0.6rem 0; }
.claims { display: grid; gap: 1.25rem; }
.claim { border: 1px solid var(--line); border-left: 4px solid var(--edge); border-radius: 6px; padding: 0.9rem 1.1rem 0.6rem; max-width: 72rem; }
.claim.holds { border-left-color: var(--good); }
.claim.fails { border-left-color: var(--bad); }
.claim h3 { display: grid; grid-template-columns: 10.5rem 1fr; gap: 0.75rem; align-items: baseline; margin: 0 0 0.6rem; }
.claim h3 .verdict { font-size: 0.9rem; }
.criteria { width: 100%; table-layout: fixed; }
@media (min-width: 48.01rem) {
  .criteria th:nth-child(1) { width: 32%; }
  .criteria th:nth-child(2), .criteria th:nth-child(3) { width: 19%; }
  .criteria th:nth-child(4) { width: 14%; }
}
.criteria th, .criteria td { white-space: normal; }
.criteria .note { display: block; font-weight: 400; font-size: 0.8rem; }
.criteria .interval { white-space: nowrap; }
.criteria .verdict { white-space: normal; }
.criteria tr:last-child > * { border-bottom: 0; }
.comparison th, .comparison td { white-space: normal; min-width: 9rem; max-width: 22rem; }
.comparison tbody th { min-width: 14rem; font-weight: 400; }
.comparison .claim-row > * { font-weight: 600; padding-top: 1.1rem; }
@media (max-width: 48rem) {
  .abstract { padding: 0.25rem 0.9rem 0.75rem; }
  .abstract li, .claim h3 { grid-template-columns: 1fr; gap: 0.15rem; }
  .criteria thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .criteria, .criteria tbody, .criteria tr, .criteria tbody th, .criteria td { display: block; width: auto; font-size: 0.85rem; padding: 0.1rem 0; border: 0; }
  .criteria tr { border-top: 1px solid var(--line); padding: 0.5rem 0; }
  .criteria th[scope="row"] { font-weight: 600; }
  .criteria td { display: grid; grid-template-columns: 5.5rem 1fr; gap: 0.5rem; }
  .criteria td::before { content: attr(data-title); color: var(--muted); }
  .criteria td.empty { display: none; }
}
`;
