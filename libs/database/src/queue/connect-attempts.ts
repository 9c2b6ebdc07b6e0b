import { waitsForName } from '../budget/server-socket';
import type { SharedBudget } from '../budget/shared-budget';
import { TOO_MANY_CONNECTIONS } from '../failures/sqlstate';
import type { ConnectBackoff } from './connect-backoff';
import type { Connections } from './connections';
import type { PooledConnection } from './pooled-connection';

/** Milliseconds without any sign of the server after which an attempt is silent: a packet was lost, or it is away. */
const SILENT_AFTER_MS = 250;
/** Milliseconds between two probes beside attempts that are silent, at the most. */
const LAST_PROBE_GAP_MS = 1_000;
/** Milliseconds that a fresh view of the budget may take, before an attempt is made without one. */
const VIEW_PATIENCE_MS = 250;

interface Attempt {
  startedAt: number;
  /** Whether one that began later has brought a connection: this one may be lost. */
  overtaken: boolean;
}

/**
 * The connections that are being opened, as many at a time as the server takes in good time. An attempt is never given
 * up for being slow: what the server has taken up becomes a connection for whoever is the first in the queue by then.
 */
export class ConnectAttempts {
  private readonly underWay = new Set<Attempt>();
  private lastSignOfLife = Number.NEGATIVE_INFINITY;
  private nextProbeAt = 0;
  private probeGapMs = SILENT_AFTER_MS;

  constructor(
    private readonly connections: Connections,
    private readonly budget: SharedBudget,
    private readonly backoff: ConnectBackoff,
    /** Called when an attempt has become silent: now there may be a probe beside it. */
    private readonly becameSilent: () => void,
  ) {}

  get count(): number {
    return this.underWay.size;
  }

  /** Those that may be expected to bring a connection soon. */
  get promising(): number {
    let promising = 0;
    for (const attempt of this.underWay) if (!this.isStuck(attempt)) promising++;
    return promising;
  }

  /** Whether another attempt may begin now, as far as the attempts before it are concerned. */
  get mayOpenMore(): boolean {
    if (!this.connections.mayOpenMore || this.promising >= this.backoff.width) return false;
    if (!this.isSilent) return true;
    // One probe beside those that are silent: it notices that the server is back, which they might not.
    return !waitsForName() && performance.now() >= this.nextProbeAt;
  }

  /** Whether an attempt has heard nothing of the server since it began, and neither has anybody else here. */
  get isSilent(): boolean {
    for (const attempt of this.underWay) if (!attempt.overtaken && this.isStuck(attempt)) return true;
    return false;
  }

  /** Milliseconds until the next probe beside silent attempts; 0 where it needs no waiting. */
  get untilProbe(): number {
    return this.isSilent ? Math.max(0, this.nextProbeAt - performance.now()) : 0;
  }

  /** The server has answered something: a slow opening is no sign that it is away. */
  serverAnswered(): void {
    this.lastSignOfLife = performance.now();
  }

  /** @throws what PostgreSQL or the network said, 53300 among it */
  async open(): Promise<PooledConnection> {
    const attempt = { startedAt: performance.now(), overtaken: false };
    if (this.isSilent) this.probeGapMs = Math.min(LAST_PROBE_GAP_MS, this.probeGapMs * 2);
    this.nextProbeAt = attempt.startedAt + this.probeGapMs;
    this.underWay.add(attempt);
    const timer = setTimeout(() => this.becameSilent(), SILENT_AFTER_MS + 1);
    try {
      if (this.backoff.refusedLately) await this.requireFreeSlot();
      const client = await this.connections.connect();
      this.succeeded(attempt);
      return client;
    } catch (error) {
      // What became of an attempt from before the latest success says nothing about the server of now.
      if (!attempt.overtaken) this.backoff.refused();
      throw error;
    } finally {
      clearTimeout(timer);
      this.underWay.delete(attempt);
    }
  }

  private succeeded(attempt: Attempt): void {
    this.serverAnswered();
    this.probeGapMs = SILENT_AFTER_MS;
    this.backoff.accepted(attempt.startedAt);
    this.connections.keepIdleFor(this.backoff.openingMs);
    for (const other of this.underWay) if (other.startedAt < attempt.startedAt) other.overtaken = true;
  }

  private isStuck({ startedAt, overtaken }: Attempt): boolean {
    const heardAt = Math.max(startedAt, this.lastSignOfLife);
    return overtaken || performance.now() - heardAt > SILENT_AFTER_MS;
  }

  /** A look at the shared view costs the server 1 ms; a refusal costs it a process start, about 10 ms. */
  private async requireFreeSlot(): Promise<void> {
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, VIEW_PATIENCE_MS);
    await Promise.race([this.budget.refresh(), patience.promise]);
    clearTimeout(timer);
    if (this.budget.free > 0) return;
    throw Object.assign(new Error('the budget is used up'), { code: TOO_MANY_CONNECTIONS });
  }
}
