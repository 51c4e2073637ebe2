/** Signals that Ctrl-C and the like raise: the first asks the run to end, the second has its stages ended at once, the third ends this process. */
export function listenForInterruption(): { readonly signal: AbortSignal; readonly killSignal: AbortSignal; end: () => void } {
  const [asked, forced] = [new AbortController(), new AbortController()];
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const interrupt = (): void => {
    if (forced.signal.aborted) process.exit(130);
    if (asked.signal.aborted) return forced.abort();
    asked.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  return { signal: asked.signal, killSignal: forced.signal, end: () => { for (const name of signals) process.off(name, interrupt); } };
}
