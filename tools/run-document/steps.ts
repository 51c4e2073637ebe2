/** What a document tells its reader to do: save a file, or run commands. */
export type Step =
  | { readonly kind: 'file'; readonly path: string; readonly text: string; readonly line: number }
  | { readonly kind: 'commands'; readonly text: string; readonly line: number };

/**
 * Reads the steps of a Markdown document in their order.
 *
 * A fenced block marked `sh` holds commands. A block whose mark names a file after its language, as in `yaml pipelines/mine.yaml`, is
 * that file; GitHub shows the language only. Other blocks are for reading.
 */
export function stepsOf(markdown: string): Step[] {
  const steps: Step[] = [];
  const lines = markdown.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const opening = /^```(\S+)(?: +(\S+))?\s*$/.exec(lines[i]!);
    if (!opening) continue;
    const end = lines.findIndex((line, j) => j > i && line.startsWith('```'));
    if (end < 0) throw new Error(`The block that begins at line ${i + 1} must end with \`\`\`.`);
    const [text, line, [, language, path]] = [`${lines.slice(i + 1, end).join('\n')}\n`, i + 1, opening];
    if (path !== undefined) steps.push({ kind: 'file', path, text, line });
    else if (language === 'sh') steps.push({ kind: 'commands', text, line });
    i = end;
  }
  return steps;
}
