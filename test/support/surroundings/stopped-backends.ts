import { setTimeout as pause } from 'node:timers/promises';
import type { System } from '../system';

/** Server processes that are stopped by SIGSTOP: they keep their connections and do not answer. */
export class StoppedBackends {
  private stopped: number[] = [];

  constructor(
    private readonly system: System,
    /** Selects sessions of pg_stat_activity, as SQL; never the session that asks. */
    private readonly which = 'true',
  ) {}

  /** Stops those that exist now. */
  async stop(): Promise<void> {
    this.signal(await this.pids());
  }

  continue(): void {
    for (const pid of this.stopped.splice(0)) send(pid, 'SIGCONT');
  }

  /** Stops and continues all of them alternately, as a CPU quota does, until `until` settles. */
  async starve(stoppedMs: number, runningMs: number, until: Promise<unknown>): Promise<void> {
    let over = false;
    void until.finally(() => {
      over = true;
    });
    let pids = await this.pids();
    while (!over) {
      this.signal(pids);
      await pause(stoppedMs);
      this.continue();
      // Not awaited, because the answer may need what one of them has locked.
      void this.pids().then(
        (now) => {
          pids = now;
        },
        () => undefined,
      );
      await pause(runningMs);
    }
  }

  private signal(pids: number[]): void {
    for (const pid of pids) send(pid, 'SIGSTOP');
    this.stopped = pids;
  }

  private async pids(): Promise<number[]> {
    const rows = await this.system.sql<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (${this.which})`,
    );
    return rows.map(({ pid }) => pid);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
