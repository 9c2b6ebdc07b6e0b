import { Configuration } from '@app/configuration';
import { answeredState, ControlConnection, causeName, sentence } from '@app/database';
import { Injectable, Logger } from '@nestjs/common';
import { type DeclaredRow, declarationOf } from './declared-row';
import type { Declaration } from './fault';
import { FaultList } from './fault-list';

/** Topic of the notice that says that the declared faults of a service changed. */
export const FAULTS_CHANGED = 'faults-changed';

/**
 * The faults that are declared for this service, in a table: all its replicas see the same, even after a lost notice.
 * They are read and written on the control connection, which works while no connection of the budget is free.
 */
@Injectable()
export class DeclaredFaults {
  private readonly logger = new Logger(DeclaredFaults.name);
  private readonly service: string;
  private ignored = '';
  private failing = '';
  /** Why the declared faults are not known; undefined while they are. */
  unknownBecause: string | undefined = 'the table demo_faults was not read yet';

  constructor(
    private readonly control: ControlConnection,
    private readonly faults: FaultList,
    configuration: Configuration,
  ) {
    this.service = configuration.SERVICE_NAME;
    control.on('down', () => {
      this.unknownBecause = 'there is no control connection to PostgreSQL';
    });
  }

  /** A row that is not a valid declaration is left out and logged; a reset removes it. */
  async read(): Promise<Declaration[]> {
    // The result is bounded, and no arithmetic on dates fails for an infinite one: a bad row must not hide the others.
    const rows = await this.ask<DeclaredRow>(
      `SELECT left(fault, 64) AS fault, CASE WHEN octet_length(settings::text) <= 1024 THEN settings END AS settings,
              started_at, (extract(epoch FROM expires_at) - extract(epoch FROM now()))::float8 * 1000 AS expires_in_ms
       FROM demo_faults WHERE service = $1 AND expires_at > now() ORDER BY fault LIMIT 100`,
      [this.service],
    );
    this.unknownBecause = undefined;
    const read = rows.map((row) => ({ fault: row.fault, declaration: declarationOf(row, this.faults.all) }));
    const bad = read.filter(({ declaration }) => typeof declaration === 'string');
    this.logIgnored(bad.map(({ fault, declaration }) => `${fault}: ${declaration}`).join('; '));
    return read.map(({ declaration }) => declaration).filter((one) => typeof one !== 'string');
  }

  /** Declares a fault, or changes and extends the declared one; the same transaction notifies the replicas. */
  async declare(fault: string, settings: object, ttlSeconds: number): Promise<void> {
    await this.ask(
      `WITH declared AS (
         INSERT INTO demo_faults (service, fault, settings, expires_at) VALUES ($1, $2, $3, now() + $4 * interval '1 s')
         ON CONFLICT (service, fault) DO UPDATE SET settings = excluded.settings, expires_at = excluded.expires_at,
           started_at = CASE WHEN demo_faults.expires_at > now() THEN demo_faults.started_at ELSE now() END
         RETURNING fault)
       SELECT pg_notify($5, $6) FROM declared`,
      [this.service, fault, JSON.stringify(settings), ttlSeconds, ...this.changed()],
    );
  }

  /** Withdraws all faults of this service, or just one, and returns the names of those that were declared. */
  async withdraw(fault?: string): Promise<string[]> {
    const rows = await this.ask<{ fault: string }>(
      `WITH withdrawn AS (DELETE FROM demo_faults WHERE service = $1 AND fault = coalesce($2, fault) RETURNING fault)
       SELECT left(fault, 64) AS fault, pg_notify($3, $4) FROM withdrawn`,
      [this.service, fault ?? null, ...this.changed()],
    );
    return rows.map((row) => row.fault);
  }

  /** Withdraws what has expired, but nothing that was extended at the last moment. */
  async withdrawExpired(): Promise<void> {
    // A process's timer may be a little early; no fault is declared for less than a second.
    await this.ask(
      `WITH expired AS (
         DELETE FROM demo_faults WHERE service = $1 AND expires_at < now() + interval '100 ms' RETURNING fault)
       SELECT pg_notify($2, $3) FROM expired`,
      [this.service, ...this.changed()],
    );
  }

  /** Withdraws faults that began before every living process of this service: a fault ends with the last of these. */
  async withdrawLeftovers(): Promise<void> {
    await this.ask(
      `DELETE FROM demo_faults WHERE service = $1 AND (expires_at <= now() OR started_at < (
         SELECT min(backend_start) FROM pg_stat_activity
         WHERE usename = current_user AND application_name LIKE $1 || '@%/control %'))`,
      [this.service],
    );
  }

  /** The caller may ignore a failure, because it is logged here, once until a statement succeeds again. */
  private async ask<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      const rows = await this.control.ask<Row>(text, values);
      this.failing = '';
      return rows;
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  private failed(error: unknown): void {
    const cause = causeName(error);
    const state = answeredState(error);
    const reason = `${cause ? sentence(cause) : 'an error of this program'}${state ? ` (SQLSTATE ${state})` : ''}`;
    this.unknownBecause = `the table demo_faults cannot be used: ${reason}`;
    if (reason !== this.failing) this.logger.warn(this.unknownBecause);
    this.failing = reason;
  }

  /** Logs once for each change of what is ignored. */
  private logIgnored(ignored: string): void {
    if (ignored && ignored !== this.ignored)
      this.logger.warn(
        `rows of demo_faults are ignored until a reset removes them: ${ignored.slice(0, 1_000)}`,
      );
    this.ignored = ignored;
  }

  private changed(): [channel: string, payload: string] {
    return this.control.notification(FAULTS_CHANGED, { service: this.service });
  }
}
