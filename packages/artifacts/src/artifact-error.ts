import { visibleText } from './text/visible-text.js';

/** What is wrong with an artifact, where it lies, and what to do about it; names from files are shown, never obeyed by a terminal. */
export class ArtifactError extends Error {
  override readonly name = 'ArtifactError';
  readonly path: string;

  constructor(message: string, options: { path: string; cause?: unknown }) {
    super(visibleText(message), options.cause === undefined ? {} : { cause: options.cause });
    this.path = options.path;
  }
}
