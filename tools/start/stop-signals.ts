const SIGNALS: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

// Below npm, one Ctrl-C arrives twice: from the terminal, and a few ms later from npm, which passes it on.
const SAME_KEY_MS = 300;

/** Calls `first` at the first signal to stop, and `again` at each further one. */
export function onStopSignals(first: () => void, again: () => void): void {
  let since: number | undefined;
  const received = () => {
    const now = performance.now();
    if (since === undefined) {
      since = now;
      first();
    } else if (now - since > SAME_KEY_MS) {
      again();
    }
  };
  for (const signal of SIGNALS) process.on(signal, received);
}
