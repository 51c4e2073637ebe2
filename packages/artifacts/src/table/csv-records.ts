import { createReadStream } from 'node:fs';
import { ArtifactError } from '../artifact-error.js';

/** A field and whether it stood in quotes, which tells an empty text from none. */
export type CsvField = { readonly text: string; readonly isQuoted: boolean };
/** The fields between two line ends that are not in quotes, and the line of the file they begin in, from 1. */
export type CsvRecord = { readonly line: number; readonly fields: readonly CsvField[] };

/** A text beyond this is no value of a table, but a quote that nothing closes. */
const maxFieldLength = 16 * 1024 * 1024;
const special = /[",\r\n]/g;

/**
 * Reads a CSV file by RFC 4180, record for record: UTF-8, commas, fields in double quotes where they hold commas, quotes or line
 * ends, a quote in quotes doubled. Lines end in LF or CR LF; a byte order mark is passed over.
 *
 * @throws ArtifactError that names file and line if it can't be read, or a quote stands where none may.
 */
export async function* readCsvRecords(path: string): AsyncGenerator<CsvRecord> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const splitter = new CsvSplitter(path);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) yield* splitter.push(decoder.decode(chunk as Buffer, { stream: true }));
    yield* splitter.push(decoder.decode());
    yield* splitter.end();
  } catch (cause) {
    if (cause instanceof ArtifactError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new ArtifactError(`readCsvRecords: ${path} must be UTF-8; what follows line ${splitter.line} is not.`, { path, cause });
    throw new ArtifactError(`readCsvRecords: ${path} can't be read: ${(cause as Error).message}.`, { path, cause });
  }
}

/** Where the splitter stands: before a field, in one, in its quotes, behind a quote in quotes, behind a CR. */
type Place = 'before' | 'plain' | 'quoted' | 'behind-quote' | 'behind-return';

/** Splits text that comes in pieces. */
class CsvSplitter {
  line = 1;
  readonly #path: string;
  #place: Place = 'before';
  #text = '';
  #isQuoted = false;
  #fields: CsvField[] = [];
  #recordLine = 1;

  constructor(path: string) {
    this.#path = path;
  }

  *push(piece: string): Generator<CsvRecord> {
    for (let at = 0; at < piece.length;) {
      if (this.#place === 'quoted') at = this.#readQuoted(piece, at);
      else if (this.#place === 'before' && piece[at] === '"') {
        this.#place = 'quoted';
        this.#isQuoted = true;
        at++;
      } else if (this.#place === 'behind-quote' && piece[at] === '"') {
        this.#append('"');
        this.#place = 'quoted';
        at++;
      } else if (this.#place === 'before' || this.#place === 'plain') at = yield* this.#readPlain(piece, at);
      else at = yield* this.#readEnd(piece, at);
    }
  }

  *end(): Generator<CsvRecord> {
    if (this.#place === 'quoted') this.#refuse(`the quotes that open in the record of line ${this.#recordLine} must be closed; the file ends first.`);
    if (this.#place === 'behind-return') this.#refuse('a carriage return must be followed by a line feed, or stand in quotes.');
    if (this.#place !== 'before' || this.#fields.length > 0) yield this.#closeRecord();
  }

  #readQuoted(piece: string, at: number): number {
    const quote = piece.indexOf('"', at);
    const end = quote === -1 ? piece.length : quote;
    for (let feed = piece.indexOf('\n', at); feed !== -1 && feed < end; feed = piece.indexOf('\n', feed + 1)) this.line++;
    this.#append(piece.slice(at, end));
    if (quote === -1) return end;
    this.#place = 'behind-quote';
    return end + 1;
  }

  *#readPlain(piece: string, at: number): Generator<CsvRecord, number> {
    special.lastIndex = at;
    const end = special.exec(piece)?.index ?? piece.length;
    if (end > at) {
      this.#append(piece.slice(at, end));
      this.#place = 'plain';
    }
    return end === piece.length ? end : yield* this.#readEnd(piece, end);
  }

  /** What ends a field: a comma or a line end. */
  *#readEnd(piece: string, at: number): Generator<CsvRecord, number> {
    const sign = piece[at];
    if (this.#place === 'behind-return' && sign !== '\n') this.#refuse('a carriage return must be followed by a line feed, or stand in quotes.');
    if (sign === ',') this.#closeField();
    else if (sign === '\n') yield this.#closeRecord();
    else if (sign === '\r') this.#place = 'behind-return';
    else this.#refuse(this.#place === 'plain' ? 'a field with a quote in it must stand in quotes, and the quote in it be doubled.' : `after closing quotes must come a comma or the line's end; got ${JSON.stringify(sign)}.`);
    return at + 1;
  }

  #append(text: string): void {
    if (this.#text.length + text.length > maxFieldLength) this.#refuse(`a field must have at most ${maxFieldLength} characters. Is a quote missing?`);
    this.#text += text;
  }

  #closeField(): void {
    this.#fields.push({ text: this.#text, isQuoted: this.#isQuoted });
    this.#text = '';
    this.#isQuoted = false;
    this.#place = 'before';
  }

  #closeRecord(): CsvRecord {
    this.#closeField();
    const record = { line: this.#recordLine, fields: this.#fields };
    this.#fields = [];
    this.#recordLine = ++this.line;
    return record;
  }

  #refuse(message: string): never {
    throw new ArtifactError(`readCsvRecords: ${this.#path}, line ${this.line}: ${message}`, { path: this.#path });
  }
}
