import type { PoolClient } from 'pg';
import type { Connections } from './connections';
import type { ProbePace } from './probe-pace';
import type { SharedBudget } from './shared-budget';
import { TOO_MANY_CONNECTIONS } from './sqlstate';

/**
 * Milliseconds after which an attempt is taken for stuck: a packet was lost, or the server is away. Another is made
 * beside it, so that a network that is whole again is noticed before the attempts into the broken one have timed out.
 */
const STUCK_AFTER_MS = 250;

/** The connections that are being opened, as many at a time as the server takes. */
export class Openings {
  private all = 0;
  private stuck = 0;
  private acceptedAt = 0;

  constructor(
    private readonly connections: Connections,
    private readonly budget: SharedBudget,
    private readonly pace: ProbePace,
    /** Called when an attempt got stuck: now there may be another. */
    private readonly gotStuck: () => void,
  ) {}

  get underWay(): number {
    return this.all;
  }

  /** Those that may be expected to bring a connection soon. */
  get promising(): number {
    return this.all - this.stuck;
  }

  get mayOpenMore(): boolean {
    return this.connections.mayOpenMore && this.promising < this.pace.width;
  }

  /** @throws what PostgreSQL or the network said, 53300 among it */
  async open(): Promise<PoolClient> {
    const started = performance.now();
    let stuck = false;
    const timer = setTimeout(() => {
      stuck = true;
      this.stuck++;
      this.pace.stuck();
      this.gotStuck();
    }, STUCK_AFTER_MS);
    this.all++;
    try {
      if (this.pace.refusedLately) await this.requireFreeSlot();
      const client = await this.connections.connect();
      this.acceptedAt = performance.now();
      this.pace.accepted();
      return client;
    } catch (error) {
      // What became of an attempt from before the latest success says nothing about the server of now.
      if (!stuck) this.pace.refused();
      else if (this.acceptedAt < started) this.pace.timedOut();
      throw error;
    } finally {
      clearTimeout(timer);
      this.all--;
      if (stuck) this.stuck--;
    }
  }

  /** A look at the shared view costs the server 1 ms; a refusal costs it a process start, about 10 ms. */
  private async requireFreeSlot(): Promise<void> {
    await this.budget.lookAfresh();
    if (this.budget.free > 0) return;
    throw Object.assign(new Error('the budget is used up'), { code: TOO_MANY_CONNECTIONS });
  }
}
