import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import type { Measurement } from '../../measuring/measurement';
import type { SessionGroup } from '../../sessions/session-group';
import { SessionsFault } from '../../sessions/sessions-fault';

class ConnectionStormSettings {
  @WholeNumber('Connections a second that are made, used for one statement and closed', {
    minimum: 1,
    maximum: 200,
  })
  readonly per_second: number = 60;
}

/** Connects at most this often at the same time: a server that is slow to accept does not get more and more attempts. */
const MOST_AT_ONCE = 20;
/** Share of the requested number from which the fault counts as effective: PostgreSQL starts a process for each. */
const EFFECTIVE_FROM = 0.5;

/** Works without any pool: connect, one statement, disconnect. */
@Injectable()
export class ConnectionStormFault extends SessionsFault<ConnectionStormSettings> {
  readonly name = 'connection-storm';
  readonly title = 'Connection storm';
  readonly kind = 'load';
  readonly summary =
    'Connections are made, used for one statement and closed again, many a second: work without a pool';
  readonly settings = ConnectionStormSettings;
  override readonly example = { per_second: 30 };
  private made = 0;
  private refused = 0;
  private since = 0;

  protected async open({ per_second }: ConnectionStormSettings, group: SessionGroup): Promise<void> {
    [this.made, this.refused, this.since] = [0, 0, performance.now()];
    let underWay = 0;
    const connect = async () => {
      underWay++;
      try {
        const client = await group.login('service');
        await client.query('SELECT 1');
        group.logout(client);
        this.made++;
      } catch {
        this.refused++;
      } finally {
        underWay--;
      }
    };
    void group.repeat(async () => {
      const due =
        ((performance.now() - this.since) / 1_000) * per_second - this.made - this.refused - underWay;
      for (let more = Math.min(due, MOST_AT_ONCE - underWay); more >= 1; more--) void connect();
    }, 10);
  }

  protected async measure({ per_second }: ConnectionStormSettings): Promise<Measurement> {
    const seconds = (performance.now() - this.since) / 1_000;
    const rate = Math.round(this.made / Math.max(seconds, 0.001));
    return {
      measured: { connections: this.made, refused: this.refused, per_second: rate },
      effective: seconds > 0.4 && rate >= per_second * EFFECTIVE_FROM,
      detail: `PostgreSQL has accepted ${this.made} connections since, ${rate} a second, and refused ${this.refused}`,
    };
  }
}
