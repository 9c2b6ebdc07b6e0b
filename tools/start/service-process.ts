import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { StarterMessage } from '@app/lifecycle';
import { LogFile } from './log-file';

const READY_MS = 60_000;
const STOP_MS = 10_000;

// An idle service takes 115 MiB with these and 135 without; its throughput under load is the same.
const SEMI_SPACE = '--max-semi-space-size=4';
const HEAP_MIB = 128;

export interface ServiceSettings {
  readonly name: string;
  readonly port: number;
  /** The program, as the build makes it. */
  readonly main: string;
  /** Emptied by each start, but not when the service is started again. */
  readonly logFile: string;
  readonly env: NodeJS.ProcessEnv;
  /** Maximum size of its JavaScript heap, by default 128 MiB. */
  readonly heapMiB?: number;
  /** Restarts PostgreSQL on the process's request; without it, the process is informed that nobody does. */
  readonly restartDatabase?: (awayMs: number, askedBy: string) => void;
}

/** A service as a process. It ends by itself when this process is gone, because its IPC channel closes. */
export class ServiceProcess {
  private readonly log: LogFile;
  private child!: ChildProcess;
  private end!: Promise<string>;
  private ready!: Promise<void>;

  constructor(readonly settings: ServiceSettings) {
    if (!existsSync(settings.main)) throw new Error(`${settings.main} is missing: run npm run build`);
    this.log = new LogFile(settings.logFile);
    this.begin();
  }

  get name(): string {
    return this.settings.name;
  }

  /** Resolves with how its current run ended, such as `code 1`; never rejects. */
  ended(): Promise<string> {
    return this.end;
  }

  /**
   * Waits until it listens.
   *
   * @throws with its last lines if it ends instead, or does not listen after 60 s
   */
  async listening(): Promise<void> {
    const { name, port } = this.settings;
    const failure = await Promise.race([
      this.ready,
      this.end.then((how) => `ended with ${how} before it listened on port ${port}`),
      pause(READY_MS, `does not listen on port ${port} after ${READY_MS / 1000} s`, { ref: false }),
    ]);
    if (failure) throw new Error(`${name} ${failure}. ${this.log.lastLines()}`);
  }

  /** Begins a new run after the current one has ended, and waits as `listening` does. */
  async startAgain(): Promise<void> {
    this.kill();
    await this.end;
    this.begin();
    await this.listening();
  }

  /** Sends it a message, unless it is not running. */
  send(message: object): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  /** Asks it to end, and after 10 s ends it by force. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const inTime = await Promise.race([this.end, pause(STOP_MS, undefined, { ref: false })]);
    if (inTime === undefined) this.kill();
    await this.end;
  }

  /** Ends it at once. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private begin(): void {
    const { main, port, env, heapMiB = HEAP_MIB } = this.settings;
    const log = this.log.open();
    this.child = fork(main, [], {
      // Its own process group: a terminal's Ctrl-C reaches only the starter, which stops everything in order.
      detached: true,
      env: { ...env, PORT: String(port) },
      execArgv: [`--max-old-space-size=${heapMiB}`, SEMI_SPACE],
      stdio: ['ignore', log, log, 'ipc'],
    });
    if (typeof log === 'number') closeSync(log);
    this.end = endOf(this.child);
    this.ready = readyMessageOf(this.child);
    this.offerRestart();
  }

  private offerRestart(): void {
    const { name, restartDatabase } = this.settings;
    if (!restartDatabase) return;
    const offer: StarterMessage = { restartsDatabase: true };
    void this.ready.then(() => this.send(offer));
    this.child.on('message', (message: StarterMessage | null) => {
      const awayMs = message?.restartDatabase?.awayMs;
      if (awayMs !== undefined) restartDatabase(awayMs, name);
    });
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    child.once('exit', (code, signal) => done(signal ? `signal ${signal}` : `code ${code}`));
    child.once('error', (error) => done(error.message));
  });
}

function readyMessageOf(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    child.on('message', (message) => {
      if ((message as { ready?: boolean } | null)?.ready) done();
    });
  });
}
