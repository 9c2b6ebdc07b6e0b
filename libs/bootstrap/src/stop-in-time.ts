import type { Server } from 'node:http';

/** Milliseconds after the signal at which answers that are still not written are cut off; the rest needs under 1 s. */
const CUT_OFF_AFTER_MS = 4_000;

/**
 * Bounds the end of the process: a request that a fault delays for 30 s does not hold it up. The process also stops
 * when the one that forked it is gone, so that killing the parent leaves no service behind.
 */
export function stopInTime(server: Server): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => setTimeout(() => server.closeAllConnections(), CUT_OFF_AFTER_MS).unref());
  }
  if (process.send) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
