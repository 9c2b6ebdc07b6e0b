import { Configuration } from '@app/configuration';
import { ControlConnection } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { Declaration } from './fault';

/** Topic of the notice that the declared faults of a service changed. */
export const FAULTS_CHANGED = 'faults-changed';

/**
 * The faults that are declared for this service, in a table: all its replicas see the same, also after a lost
 * notice. Read and written on the control connection, so that it works while no connection of the budget is free.
 */
@Injectable()
export class DeclaredFaults {
  private readonly service: string;

  constructor(
    private readonly control: ControlConnection,
    configuration: Configuration,
  ) {
    this.service = configuration.SERVICE_NAME;
  }

  read(): Promise<Declaration[]> {
    return this.control.ask<Declaration>(
      `SELECT fault, settings, started_at, extract(epoch FROM expires_at - now())::float8 * 1000 AS expires_in_ms
       FROM demo_faults WHERE service = $1 AND expires_at > now() ORDER BY fault`,
      [this.service],
    );
  }

  /** Declares a fault, or changes and extends the one that is declared; the replicas are told in the same transaction. */
  async declare(fault: string, settings: Record<string, unknown>, ttlSeconds: number): Promise<void> {
    await this.control.ask(
      `WITH declared AS (
         INSERT INTO demo_faults (service, fault, settings, expires_at) VALUES ($1, $2, $3, now() + $4 * interval '1 s')
         ON CONFLICT (service, fault) DO UPDATE SET settings = excluded.settings, expires_at = excluded.expires_at,
           started_at = CASE WHEN demo_faults.expires_at > now() THEN demo_faults.started_at ELSE now() END
         RETURNING fault)
       SELECT pg_notify($5, $6) FROM declared`,
      [this.service, fault, JSON.stringify(settings), ttlSeconds, ...this.changed()],
    );
  }

  /** Withdraws all faults of this service, or just one, and answers with the names of those that were declared. */
  async withdraw(fault?: string): Promise<string[]> {
    const rows = await this.control.ask<{ fault: string }>(
      `WITH withdrawn AS (DELETE FROM demo_faults WHERE service = $1 AND fault = coalesce($2, fault) RETURNING fault)
       SELECT fault, pg_notify($3, $4) FROM withdrawn`,
      [this.service, fault ?? null, ...this.changed()],
    );
    return rows.map((row) => row.fault);
  }

  /** Withdraws what is past its time, but nothing that was extended at the last moment. */
  async withdrawExpired(): Promise<void> {
    // The timer of a process may be a little early; no fault is declared for less than a second.
    await this.control.ask(
      `WITH expired AS (
         DELETE FROM demo_faults WHERE service = $1 AND expires_at < now() + interval '100 ms' RETURNING fault)
       SELECT pg_notify($2, $3) FROM expired`,
      [this.service, ...this.changed()],
    );
  }

  /** Withdraws what no living process of this service has seen begin: a fault ends with the last of its processes. */
  async withdrawLeftovers(): Promise<void> {
    await this.control.ask(
      `DELETE FROM demo_faults WHERE service = $1 AND (expires_at <= now() OR started_at < (
         SELECT min(backend_start) FROM pg_stat_activity
         WHERE usename = current_user AND application_name LIKE $1 || '@%/control %'))`,
      [this.service],
    );
  }

  private changed(): [channel: string, payload: string] {
    return this.control.notification(FAULTS_CHANGED, { service: this.service });
  }
}
