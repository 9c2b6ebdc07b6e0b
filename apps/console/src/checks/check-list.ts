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
/** Milliseconds to wait for spans in a requested run. */
const PATIENCE_MS = 10_000;

/** A line of the list on the page. */
export interface ListedCheck extends Omit<CheckResult, 'state' | 'ms'> {
  /** `unknown`: it disturbs, and has not been requested yet. */
  state: CheckResult['state'] | 'running' | 'unknown';
  /** Unix milliseconds of the latest result. */
  at?: number;
}

/**
 * The checks as a live list. Those that change nothing run every few seconds while somebody has the page open (each
 * takes a connection of the budget for a moment); the others run on request.
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

  /** To be called whenever the first viewer opens the page, or the last one closes it. */
  watch(watched: boolean): void {
    this.watched = watched;
    clearTimeout(this.timer);
    if (watched) void this.poll();
  }

  end(): void {
    this.watch(false);
  }

  get results(): ListedCheck[] {
    return [...this.list.values()];
  }

  /** Runs every check, and restores the faults that were on. Does nothing while such a run is under way. */
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

  private async poll(): Promise<void> {
    const system = this.system(0);
    // The services say which faults can be checked, once they answer.
    if (!this.running) this.show(await allChecks(this.services));
    const quiet = this.running ? [] : QUIET_CHECKS;
    const results = await Promise.all(quiet.map((check) => runCheck(check, system)));
    if (!this.running) for (const result of results) this.note(result);
    clearTimeout(this.timer);
    if (this.watched) this.timer = setTimeout(() => void this.poll(), AGAIN_AFTER_MS);
  }

  /** Lists exactly these checks, in their order, with their latest results. */
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
