import { setTimeout } from 'node:timers/promises';
import { Configuration } from '@app/configuration';
import { ControlConnection } from '@app/database';
import { Injectable } from '@nestjs/common';
import { HolderLocks } from '../holder/holder-locks';
import type { Measurement } from '../measuring/measurement';
import { SessionGroup } from './session-group';

/** Topic of the notice in which the holder of a fault sends the replicas what it has measured. */
const MEASURED = 'fault-measured';
/** Milliseconds in which PostgreSQL ends sessions whose client is gone, with some margin. */
const GONE_WITHIN_MS = 2_000;
const POLL_EVERY_MS = 50;

interface IdleInTransaction {
  idle: number;
  with_snapshot: number;
  oldest_ms: number;
}

/** What faults with sessions of their own are built from. */
@Injectable()
export class FaultSessions {
  constructor(
    readonly locks: HolderLocks,
    readonly control: ControlConnection,
    readonly configuration: Configuration,
  ) {}

  group(): SessionGroup {
    return new SessionGroup(this.configuration);
  }

  /** Asks PostgreSQL on the control connection, which works whatever a fault does to the other connections. */
  async ask<Row extends object>(text: string, values: unknown[] = []): Promise<Row> {
    const [row] = await this.control.ask<Row>(text, values);
    return row as Row;
  }

  /** Sessions that wait for a lock that one of these holds, or for which one of these waits before them. */
  async waitingBehind(pids: readonly number[]): Promise<number> {
    const { waiting } = await this.ask<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE wait_event_type = 'Lock' AND pid <> ALL ($1) AND pg_blocking_pids(pid) && $1`,
      [pids],
    );
    return waiting;
  }

  /** How many of these do nothing in an open transaction, how many of them keep a snapshot, and how old the oldest is. */
  idleInTransaction(pids: readonly number[]): Promise<IdleInTransaction> {
    return this.ask<IdleInTransaction>(
      `SELECT count(*)::int AS idle, count(backend_xmin)::int AS with_snapshot,
              coalesce(max(round(extract(epoch FROM clock_timestamp() - xact_start) * 1000)), 0)::int AS oldest_ms
       FROM pg_stat_activity WHERE pid = ANY ($1) AND state = 'idle in transaction'`,
      [pids],
    );
  }

  /** Resolves when PostgreSQL has none of these any more, and after 2 s in any case. */
  async gone(pids: readonly number[]): Promise<void> {
    const deadline = performance.now() + GONE_WITHIN_MS;
    while (pids.length > 0 && performance.now() < deadline) {
      const { left } = await this.ask<{ left: number }>(
        'SELECT count(*)::int AS left FROM pg_stat_activity WHERE pid = ANY ($1)',
        [pids],
      );
      if (left === 0) return;
      await setTimeout(POLL_EVERY_MS);
    }
  }

  publish(fault: string, measurement: Measurement): Promise<void> {
    const { SERVICE_NAME: service } = this.configuration;
    return this.control.publish(MEASURED, { fault, service, measurement });
  }

  /** Calls back with what the holder of this fault has measured, if the holder is a process of this service. */
  onMeasured(fault: () => string, take: (measurement: Measurement) => void): void {
    this.control.on('notice', (notice) => {
      if (notice.topic !== MEASURED || notice.service !== this.configuration.SERVICE_NAME) return;
      if (notice.fault === fault() && isMeasurement(notice.measurement)) take(notice.measurement);
    });
  }
}

/** Anybody may NOTIFY. */
function isMeasurement(value: unknown): value is Measurement {
  const { measured, effective, detail } = (value ?? {}) as Record<string, unknown>;
  return typeof measured === 'object' && typeof effective === 'boolean' && typeof detail === 'string';
}
