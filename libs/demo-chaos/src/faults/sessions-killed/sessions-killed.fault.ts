import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import type { Measurement } from '../../measuring/measurement';
import type { SessionGroup } from '../../sessions/session-group';
import { SessionsFault } from '../../sessions/sessions-fault';

class SessionsKilledSettings {
  @WholeNumber('Milliseconds between two times that all sessions of the services are ended', {
    minimum: 200,
    maximum: 60_000,
  })
  readonly every_ms: number = 2_000;
}

/** A failover as the application sees it: all its sessions end (57P01), again and again. */
@Injectable()
export class SessionsKilledFault extends SessionsFault<SessionsKilledSettings> {
  readonly name = 'sessions-killed';
  readonly title = 'Sessions killed';
  readonly kind = 'path';
  readonly summary = "All sessions of the services' role are ended again and again, as a failover ends them";
  readonly settings = SessionsKilledSettings;
  override readonly example = { every_ms: 1_000 };
  private ended = 0;

  override async unavailable(): Promise<string | undefined> {
    const { DB_USER, DB_CONTROL_USER } = this.sessions.configuration;
    const { may } = await this.sessions.ask<{ may: boolean }>(
      "SELECT pg_has_role($1, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE') AS may",
      [DB_USER],
    );
    return may ? undefined : `${DB_CONTROL_USER} needs membership in ${DB_USER}, or in pg_signal_backend`;
  }

  protected async open({ every_ms }: SessionsKilledSettings, group: SessionGroup): Promise<void> {
    this.ended = 0;
    const { DB_USER } = this.sessions.configuration;
    const killer = await group.login('control', undefined, 'failover');
    const kill = async () => {
      const { rowCount } = await killer.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1 AND pid <> pg_backend_pid()',
        [DB_USER],
      );
      this.ended += rowCount ?? 0;
    };
    void group.repeat(kill, every_ms);
  }

  protected async measure(): Promise<Measurement> {
    const { youngest } = await this.sessions.ask<{ youngest: number | null }>(
      `SELECT round(extract(epoch FROM max(clock_timestamp() - backend_start)) * 1000)::int AS youngest
       FROM pg_stat_activity WHERE usename = $1`,
      [this.sessions.configuration.DB_USER],
    );
    const age = youngest === null ? 'none is left' : `the oldest that lives is ${youngest} ms old`;
    return {
      measured: { ended: this.ended },
      effective: this.ended > 0,
      detail: `PostgreSQL has ended ${this.ended} sessions since, ${age}`,
    };
  }
}
