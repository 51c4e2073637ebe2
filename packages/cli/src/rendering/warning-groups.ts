import { cleanLine } from './clean-text.js';

/** Warnings of one stage that differ in numbers alone are alike; this many of them are shown. */
const shownOfAlike = 3;

/** Sees to it that no warning is shown twice, and that 200 points with the same trouble do not fill the screen. */
export class WarningGroups {
  readonly #groups = new Map<string, { readonly stageName: string; readonly first: string; readonly shown: Set<string>; hidden: number }>();

  /** Whether a warning is to be shown. */
  isNews(stageName: string, point: string, message: string): boolean {
    const key = `${stageName}\n${message.replaceAll(/\d+(\.\d+)?/g, '#')}`;
    const group = this.#groups.get(key) ?? { stageName, first: message, shown: new Set<string>(), hidden: 0 };
    this.#groups.set(key, group);
    const own = `${point}\n${message}`;
    if (group.shown.has(own) || group.shown.size >= shownOfAlike) {
      group.hidden++;
      return false;
    }
    group.shown.add(own);
    return true;
  }

  /** What was not shown, a line for each group. */
  rest(): readonly string[] {
    return [...this.#groups.values()].filter(({ hidden }) => hidden > 0).map(({ stageName, first, hidden }) => `${stageName}: ${hidden} more like "${cleanLine(first)}"`);
  }
}
