import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import type { Measurement } from '../../measuring/measurement';
import { neighbourMissing } from '../../sessions/neighbour';
import type { SessionGroup } from '../../sessions/session-group';
import { SessionsFault } from '../../sessions/sessions-fault';

class ServerConnectionsFullSettings {
  @WholeNumber('Slots of the server that stay free', { minimum: 0, maximum: 50 })
  readonly leave: number = 0;
}

/** Connections opened at the same time, and in total: on a server with thousands of slots, this fault gives up. */
const AT_ONCE = 8;
const MOST = 1_000;
/** Milliseconds after which slots that became free are taken again. */
const AGAIN_AFTER_MS = 200;

interface Slots {
  /** Slots for ordinary roles. */
  all: number;
  taken: number;
}

/** Other applications use up the server: our budget has room, and the server refuses all the same. */
@Injectable()
export class ServerConnectionsFullFault extends SessionsFault<ServerConnectionsFullSettings> {
  readonly name = 'server-connections-full';
  readonly title = 'Server connections full';
  readonly kind = 'strangers';
  readonly summary =
    "Another role takes the server's connections; our own budget has room, and the door is shut";
  readonly settings = ServerConnectionsFullSettings;

  override unavailable(): Promise<string | undefined> {
    return neighbourMissing(this.sessions);
  }

  protected async open({ leave }: ServerConnectionsFullSettings, group: SessionGroup): Promise<void> {
    const fill = async () => {
      const { all, taken } = await this.slots();
      let wanted = Math.min(all - leave - taken, MOST - group.size);
      while (wanted > 0) {
        const now = Math.min(wanted, AT_ONCE);
        await Promise.all(Array.from({ length: now }, () => group.login('neighbour', undefined, 'batch')));
        wanted -= now;
      }
    };
    await fill().catch(() => undefined);
    void group.repeat(fill, AGAIN_AFTER_MS);
  }

  protected async measure(
    { leave }: ServerConnectionsFullSettings,
    group: SessionGroup,
  ): Promise<Measurement> {
    const { all, taken } = await this.slots();
    const free = Math.max(0, all - taken);
    const why = group.size >= MOST ? '; it holds no more than that' : '';
    return {
      measured: { strangers: group.size, taken, free },
      effective: free <= leave,
      detail: `strangers hold ${group.size}; ${taken} of the server's ${all} slots are taken${why}`,
    };
  }

  private slots(): Promise<Slots> {
    return this.sessions.ask<Slots>(
      `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                - coalesce(current_setting('reserved_connections', true)::int, 0) AS all,
              (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS taken`,
    );
  }
}
