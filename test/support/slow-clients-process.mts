import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cut, SlowClient } from './slow-clients.js';

/** Milliseconds after which a client itself gives up, so that nothing waits for ever for a server that never cuts. */
const PATIENCE_MS = 30_000;

process.once('message', async (clients: SlowClient[]) => {
  const cuts = await Promise.all(clients.map(untilCut));
  process.send?.(cuts, () => process.disconnect());
});

/** Resolves when the server ends the connection, or after 30 s. */
async function untilCut({ port, beginning, rest, delayMs }: SlowClient): Promise<Cut> {
  await pause(delayMs);
  const socket = connect(port, '127.0.0.1');
  // A reset counts as an end too.
  socket.on('error', () => undefined);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  // Not `once` of node:events, which fails on a reset.
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
