import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceClient } from '../services/service-client';
import { ALL_CHECKS } from './all-checks';
import { asFound } from './as-found';
import { type CheckedSystem, type CheckResult, runCheck } from './check';
import { Observation } from './observed';

const AGAIN_AFTER_MS = 5_000;
/** Of the run that somebody asked for. */
const PATIENCE_MS = 10_000;

/** A line of the list on the page. */
export interface ListedCheck extends Omit<CheckResult, 'state' | 'ms'> {
  /** `unknown`: it disturbs, and nobody has asked for it yet. */
  state: CheckResult['state'] | 'running' | 'unknown';
  /** Unix milliseconds of the latest result. */
  at?: number;
}

/**
 * The criteria as a live list: those that only look, every few seconds while somebody has the page open (each takes a
 * connection of the budget for a moment); the others when somebody asks.
 */
@Injectable()
export class CheckList implements OnApplicationShutdown {
  private readonly list = new Map<string, ListedCheck>();
  private timer?: NodeJS.Timeout;
  private watched = false;
  /** Whether a run of all checks is under way. */
  running = false;

  constructor(
    private readonly services: ServiceClient,
    private readonly observation: Observation,
  ) {
    for (const { id, title, disturbs } of ALL_CHECKS) {
      const evidence = disturbs ? 'changes something: runs when you ask for it' : 'not looked at yet';
      this.list.set(id, { id, title, state: 'unknown', evidence });
    }
  }

  /** To be told whenever somebody begins to look, or the last one stops. */
  watch(watched: boolean): void {
    this.watched = watched;
    clearTimeout(this.timer);
    if (watched) void this.look();
  }

  onApplicationShutdown(): void {
    this.watch(false);
  }

  get results(): ListedCheck[] {
    return [...this.list.values()];
  }

  /** Runs every check, and leaves the faults as they were. Does nothing while such a run is under way. */
  async runAll(): Promise<void> {
    if (this.running) return;
    this.running = true;
    const system = this.system(PATIENCE_MS);
    try {
      await asFound(this.services, async () => {
        for (const check of ALL_CHECKS) {
          const { id, title } = check;
          this.list.set(id, { id, title, state: 'running', evidence: 'under way' });
          this.note(await runCheck(check, system));
        }
      });
    } finally {
      this.running = false;
    }
  }

  private async look(): Promise<void> {
    const system = this.system(0);
    const quiet = this.running ? [] : ALL_CHECKS.filter(({ disturbs }) => !disturbs);
    const results = await Promise.all(quiet.map((check) => runCheck(check, system)));
    if (!this.running) for (const result of results) this.note(result);
    clearTimeout(this.timer);
    if (this.watched) this.timer = setTimeout(() => void this.look(), AGAIN_AFTER_MS);
  }

  private note({ ms: _, ...result }: CheckResult): void {
    this.list.set(result.id, { ...result, at: Date.now() });
  }

  private system(patienceMs: number): CheckedSystem {
    return { services: this.services, observed: async () => this.observation.now(), patienceMs };
  }
}
