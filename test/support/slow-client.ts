import { connect } from 'node:net';

/** Milliseconds after which the client itself gives up, so that nothing waits for ever for a server that never cuts. */
const PATIENCE_MS = 30_000;

/** What became of a client that took its time. */
export interface Cut {
  /** Milliseconds from the connection to its end. */
  afterMs: number;
  /** What it was sent before that. */
  answer: string;
}

/**
 * Connects, sends `beginning`, and then one byte of `rest` a second, over and over; with no `rest`, nothing more.
 * Resolves when the server ends the connection, or after 30 s.
 */
export async function slowClient(port: number, beginning: string, rest = ''): Promise<Cut> {
  const socket = connect(port, '127.0.0.1');
  // A reset is an end too.
  socket.on('error', () => undefined);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  // Not `once` of node:events: that fails on a reset.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const started = performance.now();
  socket.write(beginning);
  let sent = 0;
  const dripping = rest && setInterval(() => socket.write(rest.charAt(sent++ % rest.length)), 1_000);
  const patience = setTimeout(() => socket.destroy(), PATIENCE_MS);
  await closed;
  clearTimeout(patience);
  if (dripping) clearInterval(dripping);
  return { afterMs: performance.now() - started, answer };
}
