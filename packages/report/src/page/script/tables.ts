/** Long tables of values are made when they are opened; folds open for print, and where a link leads into one. */
export const tablesScript = String.raw`
/** The table of a figure's values, its rows made from the data beside it if they are not there yet. */
function filledTable(figure) {
  const table = figure.querySelector('.values table');
  const data = figure.querySelector('.values script');
  if (data === null) return table;
  let above = [];
  const body = document.createElement('tbody');
  for (const row of JSON.parse(data.textContent)) {
    above = row.map((cell, index) => (cell === 0 ? above[index] : cell));
    const line = body.insertRow();
    for (const cell of above) line.insertCell().textContent = cell;
  }
  table.tBodies[0].replaceWith(body);
  data.remove();
  return table;
}

/** Opens the folds around what the address names, where the browser doesn't. */
function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target === null) return;
  for (let fold = target.closest('details'); fold !== null; fold = fold.parentElement.closest('details')) fold.open = true;
  target.scrollIntoView({ behavior: 'instant' });
}

function startTables() {
  addEventListener('hashchange', openTarget);
  // A link to where the address is already changes nothing.
  document.addEventListener('click', (event) => { if (event.target.closest('a')?.hash === location.hash && location.hash !== '') openTarget(); });
  if (location.hash !== '') openTarget();
  for (const details of document.querySelectorAll('.values')) {
    details.addEventListener('toggle', () => { if (details.open) filledTable(details.closest('figure')); });
  }
  const contents = document.querySelector('.contents details');
  if (!matchMedia('(min-width: 75rem)').matches) contents.open = false;
  matchMedia('(min-width: 75rem)').addEventListener('change', (wide) => { contents.open = wide.matches; });
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details.group:not([open])')];
    for (const details of opened) details.open = true;
  });
  addEventListener('afterprint', () => { for (const details of opened) details.open = false; });
}
`;
