/** What is wrong with a pipeline file, where, and what to do. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly path: string;
  readonly line: number | undefined;
  readonly key: string | undefined;

  constructor(message: string, where: { path: string; line?: number | undefined; key?: string | undefined; cause?: unknown }) {
    const place = where.line === undefined ? where.path : `${where.path}:${where.line}`;
    super(`${place}: ${message}`, where.cause === undefined ? {} : { cause: where.cause });
    this.path = where.path;
    this.line = where.line;
    this.key = where.key;
  }
}
