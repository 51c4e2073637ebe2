/** Writes one thing after the other while other work goes on; at most one waits. */
export class WriteBehind {
  #writing: Promise<void> = Promise.resolve();

  /**
   * Begins to write once what was begun before has ended, and waits for that alone, so that no more than one is held in memory.
   *
   * @throws what an earlier write failed with.
   */
  async begin(write: () => Promise<void>): Promise<void> {
    await this.#writing;
    this.#writing = write();
    // It is thrown by the next call; until then nobody listens.
    this.#writing.catch(() => {});
  }

  /** Waits for all that was begun. @throws what a write failed with. */
  async end(): Promise<void> {
    await this.#writing;
  }
}
