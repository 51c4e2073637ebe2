const held = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Keeps this process from being ended by a signal that its group is sent, until the program has ended, which may want to save its state first.
 *
 * The program has got the signal too. A second one means that there was time enough.
 */
export class HeldSignals {
  readonly #endProgram: () => void;
  #received: NodeJS.Signals | undefined;

  /** @param endProgram  Called at the second signal. */
  constructor(endProgram: () => void) {
    this.#endProgram = endProgram;
    for (const signal of held) process.on(signal, this.#receive);
  }

  /** From here on signals do what they do; one that came meanwhile does it now. */
  release(): void {
    for (const signal of held) process.off(signal, this.#receive);
    if (this.#received !== undefined) process.kill(process.pid, this.#received);
  }

  readonly #receive = (signal: NodeJS.Signals): void => {
    if (this.#received !== undefined) this.#endProgram();
    this.#received = signal;
  };
}
