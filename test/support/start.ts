import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './eventually';
import { freePort } from './system';

/** The variables that set a port of `npm start`. */
const PORTS = [
  'PRODUCT_PORT',
  'INVENTORY_PORT',
  'ORDER_PORT',
  'CONSOLE_PORT',
  'CONSOLE_OTLP_PORT',
  'EMBEDDED_POSTGRES_PORT',
] as const;

/** Each variable with a port that nothing listens on. */
export async function freePorts(): Promise<Record<(typeof PORTS)[number], string>> {
  const ports = await Promise.all(PORTS.map(async (variable) => [variable, String(await freePort())]));
  return Object.fromEntries(ports);
}

/** `npm start` as a process, with the data and the ports of this test. */
export class Start {
  output = '';
  private readonly ended: Promise<unknown[]>;

  constructor(readonly process: ChildProcess) {
    for (const stream of [process.stdout, process.stderr])
      stream?.on('data', (chunk) => (this.output += chunk));
    this.ended = once(process, 'exit');
  }

  /** Resolves when it is up; rejects with its output if it ends instead. */
  async up(): Promise<void> {
    await eventually(() => {
      if (this.process.exitCode !== null) throw new Error(this.output);
      expect(this.output).toContain('Ctrl-C stops everything');
    }, 50_000);
  }

  async end(signal?: NodeJS.Signals): Promise<number> {
    if (signal) this.process.kill(signal);
    const [code] = await this.ended;
    return Number(code);
  }
}
