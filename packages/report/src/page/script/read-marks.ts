/** The values of marks under the pointer, or by keys: a tooltip for the eye, the same words for a screen reader. */
export const readMarksScript = String.raw`
const nearEnough = 36;
let tooltip;
let liveText;
let current = null;
let isByKeys = false;

function announce(words) { liveText.textContent = words; }

/** What a mark says: its title, or its series, place and value. */
function wordsOf(mark) {
  const { series, x, y } = mark.dataset;
  return mark.querySelector('title')?.textContent || series + ', ' + x + ': ' + y;
}

function showMark(mark) {
  if (mark === current) return;
  current?.classList.remove('is-current');
  current = mark;
  tooltip.hidden = mark === null;
  if (mark === null) return;
  mark.classList.add('is-current');
  tooltip.textContent = wordsOf(mark);
  const box = mark.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left + box.width / 2 - tooltip.offsetWidth / 2), root.clientWidth - tooltip.offsetWidth - 8);
  const above = box.top - tooltip.offsetHeight - 8;
  tooltip.style.left = left + 'px';
  tooltip.style.top = (above < 4 ? box.bottom + 8 : above) + 'px';
}

const marksOf = (panel) => [...panel.querySelectorAll('[data-series]')];

/** Follows the pointer over a panel: the mark it is on, or the nearest. */
function followPointer(panel) {
  let places = [];
  panel.addEventListener('pointerenter', () => {
    const frame = panel.getBoundingClientRect();
    places = marksOf(panel).map((mark) => {
      const { left, top, width, height } = mark.getBoundingClientRect();
      return { mark, x: left + width / 2 - frame.left, y: top + height / 2 - frame.top, halfWidth: width / 2, halfHeight: height / 2 };
    });
  });
  panel.addEventListener('pointermove', (event) => {
    // The page that moves under a resting pointer is no word of the reader's.
    if (event.movementX === 0 && event.movementY === 0) return;
    isByKeys = false;
    const frame = panel.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    let nearest = null;
    let least = nearEnough;
    for (const place of places) {
      const [dx, dy] = [Math.abs(x - place.x), Math.abs(y - place.y)];
      // Among marks that overlap under the pointer, the one whose center is nearest.
      const distance = Math.hypot(Math.max(0, dx - place.halfWidth), Math.max(0, dy - place.halfHeight)) + 1e-3 * Math.hypot(dx, dy);
      if (distance < least) [nearest, least] = [place.mark, distance];
    }
    showMark(nearest);
  });
  panel.addEventListener('pointerleave', () => { if (!isByKeys) showMark(null); });
}

/** The mark that a key leads to: along a series, to another series at the same place, or to another panel. */
function markAfter(key, mark, panels) {
  const panel = Math.max(0, panels.findIndex((marks) => marks.includes(mark)));
  if (mark === null) return panels[0][0];
  const series = [...new Set(panels[panel].map(({ dataset }) => dataset.series))].map((name) => panels[panel].filter(({ dataset }) => dataset.series === name));
  const row = series.findIndex((marks) => marks.includes(mark));
  const at = series[row].indexOf(mark);
  const across = (marks) => marks && (marks.find(({ dataset }) => dataset.x === mark.dataset.x) ?? marks[Math.min(at, marks.length - 1)]);
  const steps = {
    ArrowRight: () => series[row][at + 1], ArrowLeft: () => series[row][at - 1], Home: () => series[row][0], End: () => series[row].at(-1),
    ArrowDown: () => across(series[row + 1]), ArrowUp: () => across(series[row - 1]), PageDown: () => panels[panel + 1]?.[0], PageUp: () => panels[panel - 1]?.[0],
  };
  return steps[key]() ?? mark;
}

/** Makes the panels of a figure one stop of the keyboard. */
function followKeys(figure) {
  const box = figure.querySelector('.panels');
  const panels = [...box.children].map(marksOf).filter((marks) => marks.length > 0);
  if (panels.length === 0) return;
  box.tabIndex = 0;
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', 'Values of ' + figure.querySelector('h3').textContent + ' Arrow keys move between values, Page Up and Page Down between panels, Escape leaves.');
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { showMark(null); box.blur(); return; }
    if (!/^(Arrow|Page|Home$|End$)/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    isByKeys = true;
    const mark = markAfter(event.key, box.contains(current) ? current : null, panels);
    mark.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    showMark(mark);
    announce(wordsOf(mark));
  });
  box.addEventListener('blur', () => showMark(null));
}

function startReading() {
  tooltip = document.querySelector('.tooltip');
  liveText = document.querySelector('[aria-live]');
  document.querySelectorAll('figure .panels > div').forEach(followPointer);
  document.querySelectorAll('figure').forEach(followKeys);
  addEventListener('scroll', () => { if (!isByKeys) showMark(null); }, { passive: true });
}
`;
