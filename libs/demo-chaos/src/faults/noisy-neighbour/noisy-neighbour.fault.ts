import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import type { Measurement } from '../../measuring/measurement';
import { neighbourMissing } from '../../sessions/neighbour';
import type { SessionGroup } from '../../sessions/session-group';
import { SessionsFault } from '../../sessions/sessions-fault';

class NoisyNeighbourSettings {
  @WholeNumber('Sessions of another role that compute without a pause', { minimum: 1, maximum: 8 })
  readonly workers: number = 2;
}

const COMPUTE =
  'SELECT count(*) FROM (SELECT md5(x::text) m FROM generate_series(1, 400000) x ORDER BY 1) sorted';

/** Another application on the same server computes. It takes no connection of the budget, and no lock. */
@Injectable()
export class NoisyNeighbourFault extends SessionsFault<NoisyNeighbourSettings> {
  readonly name = 'noisy-neighbour';
  readonly title = 'Noisy neighbour';
  readonly kind = 'strangers';
  readonly summary = 'Another role computes on the same server; no query of ours changed, and all get slower';
  readonly settings = NoisyNeighbourSettings;
  override readonly example = { workers: 1 };

  override unavailable(): Promise<string | undefined> {
    return neighbourMissing(this.sessions);
  }

  protected async open({ workers }: NoisyNeighbourSettings, group: SessionGroup): Promise<void> {
    for (let worker = 0; worker < workers; worker++) {
      const client = await group.login('neighbour', undefined, 'report');
      void group.repeat(() => client.query(COMPUTE));
    }
  }

  protected async measure({ workers }: NoisyNeighbourSettings, group: SessionGroup): Promise<Measurement> {
    const { active } = await this.sessions.ask<{ active: number }>(
      "SELECT count(*)::int AS active FROM pg_stat_activity WHERE pid = ANY ($1) AND state = 'active'",
      [group.pids],
    );
    return {
      measured: { active },
      // A session is idle for a moment between two of its statements.
      effective: active >= Math.ceil(workers / 2),
      detail: `${active} sessions of ${this.sessions.configuration.DB_NEIGHBOUR_USER} are active`,
    };
  }
}
