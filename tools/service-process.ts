import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const READY_MS = 60_000;
const STOP_MS = 10_000;
const LAST_LINES = 20;

// A service is idle at 115 MiB with these and at 135 without; its throughput under load is the same.
const SEMI_SPACE = '--max-semi-space-size=4';
const HEAP_MIB = 128;

export interface ServiceSettings {
  readonly name: string;
  readonly port: number;
  /** The program, as the build makes it. */
  readonly main: string;
  /** Begins anew with each start. */
  readonly logFile: string;
  readonly env: NodeJS.ProcessEnv;
  /** Most memory of its JavaScript heap; 128 MiB where it is not given. */
  readonly heapMiB?: number;
}

/** A service as a process. It ends by itself when this one is gone: its IPC channel closes then. */
export class ServiceProcess {
  /** Resolves with how it ended, such as `code 1`; never rejects. */
  readonly ended: Promise<string>;
  private readonly child: ChildProcess;
  private readonly ready: Promise<void>;

  constructor(readonly settings: ServiceSettings) {
    const { main, port, env, logFile } = settings;
    if (!existsSync(main)) throw new Error(`${main} is missing: run npm run build`);
    const log = openSync(logFile, 'w');
    this.child = fork(main, [], {
      // Its own group: a terminal's Ctrl-C reaches only the starter, which stops things in order.
      detached: true,
      env: { ...env, PORT: String(port) },
      execArgv: [`--max-old-space-size=${settings.heapMiB ?? HEAP_MIB}`, SEMI_SPACE],
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.ended = endOf(this.child);
    this.ready = readyMessageOf(this.child);
  }

  /**
   * Waits until it listens.
   *
   * @throws with its last lines when it ends instead, or does not listen after 60 s
   */
  async listening(): Promise<void> {
    const { name, port } = this.settings;
    const failure = await Promise.race([
      this.ready,
      this.ended.then((how) => `ended with ${how} before it listened on port ${port}`),
      pause(READY_MS, `does not listen on port ${port} after ${READY_MS / 1000} s`, { ref: false }),
    ]);
    if (failure) throw new Error(`${name} ${failure}. ${this.lastLines()}`);
  }

  /** What it wrote last, with where the rest is. */
  lastLines(): string {
    const lines = readFileSync(this.settings.logFile, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
    return `The end of ${this.settings.logFile}:\n${lines.map((line) => `  | ${line}`).join('\n')}`;
  }

  /** Asks it to end, and ends it by force after 10 s. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const inTime = await Promise.race([this.ended, pause(STOP_MS, undefined, { ref: false })]);
    if (inTime === undefined) this.kill();
    await this.ended;
  }

  /** Ends it at once. */
  kill(): void {
    this.child.kill('SIGKILL');
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
