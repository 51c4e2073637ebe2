/** The box of a text in an SVG, in pixels, from a mean width of letters; a turned text has the box around its corners. */
export type TextBox = { readonly text: string; readonly left: number; readonly right: number; readonly top: number; readonly bottom: number; readonly isTurned: boolean };

/** Finds every text of a panel, with inherited anchors and sizes. */
export function textBoxes(svg: string): TextBox[] {
  const boxes: TextBox[] = [];
  const stack: { [name: string]: string }[] = [{}];
  let isTitle = false;
  for (const [, close, name, attributes, isEmpty, text] of svg.matchAll(/<(\/?)([a-z]+)([^>]*?)(\/?)>([^<]*)/g)) {
    if (name === 'title' || name === 'desc') isTitle = close === '';
    else if (close !== '') stack.pop();
    else if (isEmpty === '') stack.push({ ...stack.at(-1)!, ...own(attributes!), element: name! });
    if (stack.at(-1)?.element === 'text' && !isTitle && text!.trim() !== '') boxes.push(boxOf(stack.at(-1)!, text!.replace(/&\w+;/g, 'x')));
  }
  return boxes;
}

function own(attributes: string): { [name: string]: string } {
  const { transform: _, ...values } = Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]));
  const turned = attributes.match(/translate\(([-\d.]+),([-\d.]+)\)rotate\(([-\d.]+)\)/);
  return turned === null ? { ...values } : { ...values, x: turned[1]!, y: turned[2]!, angle: turned[3]! };
}

function boxOf(style: { [name: string]: string }, text: string): TextBox {
  const size = Number(style['font-size'] ?? 11);
  const width = text.length * size * (style['font-weight'] === 'bold' ? 0.62 : 0.56);
  const anchor = style['text-anchor'] ?? 'middle';
  const start = anchor === 'start' ? 0 : anchor === 'end' ? -width : -width / 2;
  const shift = style.dy === undefined ? 0 : parseFloat(style.dy) * size;
  const angle = (Number(style.angle ?? 0) * Math.PI) / 180;
  const corners = [start, start + width].flatMap((x) => [shift - 0.75 * size, shift + 0.2 * size].map((y) => [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)] as const));
  const [x, y] = [Number(style.x), Number(style.y)];
  return {
    text,
    left: x + Math.min(...corners.map((corner) => corner[0])), right: x + Math.max(...corners.map((corner) => corner[0])),
    top: y + Math.min(...corners.map((corner) => corner[1])), bottom: y + Math.max(...corners.map((corner) => corner[1])),
    isTurned: angle !== 0,
  };
}

/** Texts of a panel that leave it or lie on another, in words; empty is good. Turned texts are checked against the edge only. */
export function layoutProblems(svg: string, { width, height }: { width: number; height: number }): string[] {
  const boxes = textBoxes(svg);
  const outside = boxes.filter((box) => box.left < -1 || box.right > width + 1 || box.top < -1 || box.bottom > height + 1).map((box) => `"${box.text}" leaves the panel`);
  const flat = boxes.filter((box) => !box.isTurned);
  const overlaps = flat.flatMap((a, i) => flat.slice(i + 1).filter((b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1).map((b) => `"${a.text}" lies on "${b.text}"`));
  return [...outside, ...overlaps];
}
