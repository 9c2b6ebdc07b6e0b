const SIGNALS: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

// One Ctrl-C arrives twice below npm: from the terminal, and passed on by npm a few ms later.
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
