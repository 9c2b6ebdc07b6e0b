import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { listenerOn } from './port-listener';

export interface PortUse {
  readonly port: number;
  /** The process that needs it. */
  readonly name: string;
  /** The environment variable that sets another port. */
  readonly variable: string;
}

/**
 * Checks that nothing listens on these ports.
 *
 * @param patienceMs how long to wait for processes that are just ending
 * @throws naming each port that is taken, its process if that can be seen, and the variable to set
 */
export async function requireFreePorts(uses: readonly PortUse[], patienceMs: number): Promise<void> {
  refuseDoubles(uses);
  const deadline = Date.now() + patienceMs;
  let taken = await takenOf(uses);
  while (taken.length > 0 && Date.now() < deadline) {
    await pause(100); // another process owns the socket: nothing announces when it closes
    taken = await takenOf(taken);
  }
  if (taken.length > 0) throw new Error(taken.map(explain).join('\n'));
}

function refuseDoubles(uses: readonly PortUse[]): void {
  for (const use of uses) {
    const other = uses.find((one) => one !== use && one.port === use.port);
    if (other)
      throw new Error(`${use.name} and ${other.name} both want port ${use.port}: set ${use.variable}`);
  }
}

async function takenOf(uses: readonly PortUse[]): Promise<PortUse[]> {
  const found = await Promise.all(uses.map(async (use) => ((await isFree(use.port)) ? [] : [use])));
  return found.flat();
}

// It tests all addresses, and the two of localhost: macOS lets a wildcard and a specific listener share a port, and
// curl to localhost would then reach the other program.
async function isFree(port: number): Promise<boolean> {
  for (const host of ['0.0.0.0', '127.0.0.1', '::1']) if (!(await canListen(port, host))) return false;
  return true;
}

async function canListen(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return false;
    if (code === 'EACCES') throw new Error(`this account may not use port ${port}: choose one from 1024 up`);
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return true; // the machine has no IPv6
    throw error;
  } finally {
    server.close();
  }
}

function explain({ port, name, variable }: PortUse): string {
  const by = listenerOn(port);
  const end = by ? `End it (kill ${by.pid})` : 'End the program that has it';
  const another = port <= 65_435 ? port + 100 : port - 100;
  return (
    `port ${port} of ${name} is taken${by ? ` by process ${by.pid} (${by.command})` : ''}. ` +
    `${end}, or choose another: ${variable}=${another} npm start`
  );
}
