/** An element as it stands in a page, with the text directly after its tag. */
export type Tag = { readonly name: string; readonly attributes: ReadonlyMap<string, string>; readonly text: string };

const entities = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['#39', "'"]]);

/**
 * Reads HTML or SVG as browsers do, but strictly: every attribute quoted, every < a tag, every & one of five entities.
 *
 * @throws Error where the markup is anything else, as where a name broke out of its place.
 */
export function readPage(markup: string): Tag[] {
  const tags: Tag[] = [];
  const token = /<(!doctype html|\?xml [^>]*\?)>|<\/([a-z][a-z0-9]*)>|<([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][\w:-]*(?:="[^"<]*")?)*)\s*(\/?)>/y;
  for (let at = 0; at < markup.length;) {
    token.lastIndex = at;
    const found = token.exec(markup);
    if (found === null) throw new Error(`readPage: markup must go on with a tag; got ${JSON.stringify(markup.slice(at, at + 120))}.`);
    at = token.lastIndex;
    const isRaw = found[3] === 'script' || found[3] === 'style';
    const end = isRaw ? markup.indexOf(`</${found[3]}`, at) : markup.indexOf('<', at);
    const text = markup.slice(at, end < 0 ? markup.length : end);
    at += text.length;
    if (found[3] === undefined) continue;
    const attributes = new Map([...found[4]!.matchAll(/([a-zA-Z][\w:-]*)(?:="([^"]*)")?/g)].map(([, name, value]) => [name!, decode(value ?? '')]));
    tags.push({ name: found[3], attributes, text: isRaw ? text : decode(text) });
  }
  return tags;
}

function decode(text: string): string {
  return text.replace(/&([^;]{0,8};?)/g, (whole, name: string) => {
    const character = entities.get(name.slice(0, -1));
    if (character === undefined) throw new Error(`readPage: text must have no bare &; got ${JSON.stringify(whole)}.`);
    return character;
  });
}
