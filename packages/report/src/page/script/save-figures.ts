/** Saves a figure as SVG or PNG, as it stands in the folder of figures, or its values as CSV; needs no network. */
export const saveFiguresScript = String.raw`
const gutter = 16;
const titleHeight = 44;
const mostTitle = 160;

/** The panels side by side under the figure's title, on white, whatever the page's colors. */
function standaloneSvg(figure) {
  const panels = [...figure.querySelectorAll('.panels svg')].map((svg) => svg.cloneNode(true));
  const sizes = panels.map((svg) => ({ width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height }));
  const perRow = panels.length === 4 ? 2 : Math.min(3, panels.length);
  const cellWidth = Math.max(...sizes.map((size) => size.width));
  const cellHeight = Math.max(...sizes.map((size) => size.height));
  const whole = figure.querySelector('h3').textContent.replace(/^Figure \d+\. /, '');
  const title = whole.length <= mostTitle ? whole : whole.slice(0, mostTitle - 1) + '…';
  const width = Math.max(perRow * cellWidth + (perRow + 1) * gutter, title.length * 9 + 2 * gutter);
  const height = titleHeight + Math.ceil(panels.length / perRow) * (cellHeight + gutter);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const add = (name, attributes, text) => {
    const element = document.createElementNS(svg.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    svg.append(element);
  };
  for (const [key, value] of Object.entries({ viewBox: '0 0 ' + width + ' ' + height, width, height, color: '#1a1d21', 'font-family': 'DejaVu Sans, Verdana, Arial, sans-serif' })) svg.setAttribute(key, value);
  const madeFrom = figure.querySelector('.made-from');
  if (madeFrom !== null) add('metadata', {}, madeFrom.textContent);
  add('rect', { width, height, fill: '#ffffff' }, '');
  add('text', { x: gutter, y: 28, 'font-size': 16, 'font-weight': 'bold', fill: 'currentColor' }, title);
  panels.forEach((panel, index) => {
    panel.querySelector('.is-current')?.classList.remove('is-current');
    panel.setAttribute('x', gutter + (index % perRow) * (cellWidth + gutter));
    panel.setAttribute('y', titleHeight + Math.floor(index / perRow) * (cellHeight + gutter));
    svg.append(panel);
  });
  return { width, height, text: '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(svg) + '\n' };
}

async function toPng({ text, width, height }, scale) {
  const image = new Image();
  await new Promise((resolve, reject) => {
    image.onload = resolve;
    image.onerror = () => reject(new Error('The figure could not be drawn.'));
    image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(text);
  });
  const canvas = document.createElement('canvas');
  canvas.width = scale * width;
  canvas.height = scale * height;
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}

/** The table of values as CSV (RFC 4180); a text that a spreadsheet would run as a formula gets a ' in front. */
function toCsv(figure) {
  const unarmed = (text) => (/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? "'" + text : text);
  const field = (text) => (/[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
  return [...filledTable(figure).rows].map((row) => [...row.cells].map((cell) => field(unarmed(cell.textContent))).join(',') + '\n').join('');
}

function saveBlob(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function startSaving() {
  const makers = {
    svg: (figure) => new Blob([standaloneSvg(figure).text], { type: 'image/svg+xml' }),
    png: (figure) => toPng(standaloneSvg(figure), 2),
    csv: (figure) => new Blob([toCsv(figure)], { type: 'text/csv' }),
  };
  for (const button of document.querySelectorAll('[data-export]')) {
    const figure = button.closest('figure');
    button.addEventListener('click', async () => {
      saveBlob(await makers[button.dataset.export](figure), figure.id + '.' + button.dataset.export);
      announce('Saved ' + figure.id + '.' + button.dataset.export);
    });
  }
}
`;
