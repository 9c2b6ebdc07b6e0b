import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { CHECKOUT } from '../../tools/places';

/** A client that takes its time. */
export interface SlowClient {
  port: number;
  /** What it sends at once. */
  beginning: string;
  /** What it then sends, a byte a second, over and over; without it, nothing more is sent. */
  rest?: string;
  /** Milliseconds until it connects. */
  delayMs: number;
}

/** The result for one client. */
export interface Cut {
  /** Milliseconds from the connection to its end. */
  afterMs: number;
  /** What it received before that. */
  answer: string;
}

/**
 * Resolves when every connection has ended, in the order of the clients. They run in a separate process: if requests
 * are timed meanwhile, work for hundreds of connections would count as time of the requests.
 */
export async function slowClients(clients: SlowClient[]): Promise<Cut[]> {
  const child = fork(join(CHECKOUT, 'test/support/slow-clients-process.mts'), { execArgv: [] });
  child.send(clients);
  const [cuts] = await Promise.race([
    once(child, 'message') as Promise<[Cut[]]>,
    once(child, 'exit').then(([code]) => {
      throw new Error(`the process of the slow clients ended with ${code}`);
    }),
  ]);
  return cuts;
}
