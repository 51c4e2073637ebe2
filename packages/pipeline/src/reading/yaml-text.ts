import { Composer, Lexer, LineCounter, Parser, type CST, type Document } from 'yaml';

/** Deeper than any pipeline goes; what the YAML library does by recursion stays far from the end of the stack. */
export const deepestLevel = 100;

/** What is wrong with a YAML text, and at which character. */
export class YamlProblem extends Error {
  readonly offset: number | undefined;

  constructor(message: string, offset?: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Parses a YAML text that nobody vouches for: one document of YAML 1.2, not deeply nested.
 *
 * Keys that are there twice are found later, in {@link plainValue}: the library compares each with each.
 *
 * @throws YamlProblem
 */
export function parseYaml(text: string): { document: Document.Parsed; lines: LineCounter } {
  const lines = new LineCounter();
  const composer = new Composer({ uniqueKeys: false, logLevel: 'error', version: '1.2' });
  const [document, second] = [...composer.compose(tokensOf(text, lines), true, text.length)];
  if (second) throw new YamlProblem('a pipeline is one document; a second one begins here', second.range[0]);
  const error = document!.errors[0];
  if (error) throw new YamlProblem(`not valid YAML: ${error.message.replace(/\.$/, '')}`, error.pos[0]);
  const { explicit, version } = document!.directives.yaml;
  if (explicit === true && version !== '1.2') throw new YamlProblem(`a pipeline is YAML 1.2; got the directive %YAML ${version}. Remove it`, 0);
  return { document: document!, lines };
}

function* tokensOf(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > deepestLevel) throw new YamlProblem(`a pipeline may be nested ${deepestLevel} levels deep; this goes deeper`, parser.offset);
  }
  yield* parser.end();
}
