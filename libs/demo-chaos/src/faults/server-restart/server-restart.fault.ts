import { Starter } from '@app/lifecycle';
import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import type { Measurement } from '../../measuring/measurement';
import { FaultSessions } from '../../sessions/fault-sessions';
import { SessionsFault } from '../../sessions/sessions-fault';

class ServerRestartSettings {
  @WholeNumber('Milliseconds between the end of the server and its new start', {
    minimum: 0,
    maximum: 10_000,
  })
  readonly away_ms: number = 2_000;
}

const BY_HAND =
  'only npm start with its own PostgreSQL restarts the server from here; by hand: ' +
  'kubectl rollout restart statefulset NAME, or pg_ctl restart -m fast -D DATA';

/** The server is stopped and started again, once. Requests stay in the queue for as long as their deadline allows. */
@Injectable()
export class ServerRestartFault extends SessionsFault<ServerRestartSettings> {
  readonly name = 'server-restart';
  readonly title = 'Server restart';
  readonly kind = 'path';
  readonly summary = 'PostgreSQL is stopped and started again after a while, once';
  readonly settings = ServerRestartSettings;
  override readonly example = { away_ms: 1_000 };
  private before = 0;

  constructor(
    sessions: FaultSessions,
    private readonly starter: Starter,
  ) {
    super(sessions);
  }

  override async unavailable(): Promise<string | undefined> {
    return this.starter.restartsDatabase ? undefined : BY_HAND;
  }

  // This needs no session. A restart that was already requested is not requested again.
  protected async open({ away_ms }: ServerRestartSettings): Promise<void> {
    this.before = (await this.server()).started_at;
    this.starter.restartDatabase(away_ms);
  }

  protected async measure(): Promise<Measurement> {
    const { started_at, up_ms } = await this.server();
    const restarted = started_at !== this.before;
    return {
      measured: { restarted: Number(restarted), up_ms },
      effective: restarted,
      detail: restarted
        ? `PostgreSQL was started again ${up_ms} ms ago`
        : `PostgreSQL still runs since ${new Date(this.before).toISOString()}`,
    };
  }

  /** When the server started, in Unix milliseconds, and the milliseconds since then. */
  private server(): Promise<{ started_at: number; up_ms: number }> {
    return this.sessions.ask(
      `SELECT round(extract(epoch FROM pg_postmaster_start_time()) * 1000)::float8 AS started_at,
              round(extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()) * 1000)::int AS up_ms`,
    );
  }
}
