/** TensorFlow.js's core, imported when a backend is opened and not before: stages import this package to plan. */
export type Core = typeof import('@tensorflow/tfjs-core');

export type Probe = { readonly isAvailable: boolean; /** Whether it is likely the fastest where it works. */ readonly isRecommended?: boolean; /** What it is, or why it does not work here. */ readonly detail: string; /** The command that enables it. */ readonly remedy?: string };

/** What a backend of TensorFlow.js brings; one module each. */
export type Backend = {
  /**
   * Registers it and what it needs to train networks. Throws an Error that says why it does not work here and what to do.
   *
   * @param options.threads  Threads within an operation, for backends that have them. Default 1; more may change what sums round to.
   * @returns what runs, for the record, if it is more than TensorFlow.js.
   */
  readonly open: (tf: Core, options?: { readonly threads?: number | undefined }) => Promise<string | void>;
  /** Says whether it works on this machine, without opening it where that is costly. */
  readonly probe: () => Promise<Probe>;
};
