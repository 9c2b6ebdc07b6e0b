import {
  allChecks,
  type Check,
  type CheckedSystem,
  type CheckResult,
  QUIET_CHECKS,
  runCheck,
  withFaultsRestored,
} from '@app/checks';
import { ServiceClient } from '@app/service-client';
import { Injectable } from '@nestjs/common';
import { Observation } from './observation';

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
export class CheckList {
  private readonly list = new Map<string, ListedCheck>();
  private timer?: NodeJS.Timeout;
  private watched = false;
  /** Whether a run of all checks is under way. */
  running = false;

  constructor(
    private readonly services: ServiceClient,
    private readonly observation: Observation,
  ) {
    this.show(QUIET_CHECKS);
  }

  /** To be told whenever somebody begins to look, or the last one stops. */
  watch(watched: boolean): void {
    this.watched = watched;
    clearTimeout(this.timer);
    if (watched) void this.look();
  }

  end(): void {
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
      await withFaultsRestored(this.services, async () => {
        const checks = await allChecks(this.services);
        this.show(checks);
        for (const check of checks) {
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
    // Which faults there are to check the services say, once they answer.
    if (!this.running) this.show(await allChecks(this.services));
    const quiet = this.running ? [] : QUIET_CHECKS;
    const results = await Promise.all(quiet.map((check) => runCheck(check, system)));
    if (!this.running) for (const result of results) this.note(result);
    clearTimeout(this.timer);
    if (this.watched) this.timer = setTimeout(() => void this.look(), AGAIN_AFTER_MS);
  }

  /** Lists exactly these checks, in their order, with what is known of them. */
  private show(checks: readonly Check[]): void {
    const known = new Map(this.list);
    this.list.clear();
    for (const { id, title, disturbs } of checks) {
      const evidence = disturbs ? 'changes something: runs when you ask for it' : 'not looked at yet';
      this.list.set(id, known.get(id) ?? { id, title, state: 'unknown', evidence });
    }
  }

  private note({ ms: _, ...result }: CheckResult): void {
    this.list.set(result.id, { ...result, at: Date.now() });
  }

  private system(patienceMs: number): CheckedSystem {
    return { services: this.services, observed: async () => this.observation.now(), patienceMs };
  }
}
