import { CallHabits, Connections, ControlConnection, type PooledConnection } from '@app/database';
import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import { MeasuredFault } from '../../measuring/measured-fault';
import type { Measurement } from '../../measuring/measurement';

class ConnectionLeakSettings {
  @WholeNumber('Connections a minute that are not given back after use', { minimum: 1, maximum: 1_200 })
  readonly per_minute: number = 240;
}

/** A code path that forgets to release its connection. Nothing is slow; the number only ever goes up, to the budget. */
@Injectable()
export class ConnectionLeakFault extends MeasuredFault<ConnectionLeakSettings> {
  readonly name = 'connection-leak';
  readonly title = 'Connection leak';
  readonly kind = 'pool';
  readonly summary = 'This service forgets to give connections back, one by one, until none is left';
  readonly settings = ConnectionLeakSettings;
  private readonly leaked = new Set<PooledConnection>();
  private since = 0;
  /** Connections leaked since the fault was switched on, including those that PostgreSQL has ended meanwhile. */
  private forgotten = 0;

  constructor(
    private readonly habits: CallHabits,
    private readonly connections: Connections,
    private readonly control: ControlConnection,
  ) {
    super();
  }

  protected switchOn({ per_minute }: ConnectionLeakSettings): void {
    [this.since, this.forgotten] = [performance.now(), 0];
    this.habits.forgets = (client) => {
      const due = ((performance.now() - this.since) / 60_000) * per_minute;
      if (this.forgotten + 1 > due) return false;
      this.forgotten++;
      this.leaked.add(client);
      // An idle_session_timeout of the server ends leaked connections, which is the remedy.
      client.once('end', () => this.giveBack(client, true));
      return true;
    };
  }

  protected switchOff(): void {
    this.habits.forgets = undefined;
    for (const client of this.leaked) this.giveBack(client);
  }

  protected async measure(): Promise<Measurement> {
    const pids = [...this.leaked].map((client) => client.backendPid);
    const [row] = await this.control.ask<{ idle: number; oldest_ms: number }>(
      `SELECT count(*)::int AS idle,
              coalesce(max(round(extract(epoch FROM clock_timestamp() - state_change) * 1000)), 0)::int AS oldest_ms
       FROM pg_stat_activity WHERE pid = ANY ($1) AND state = 'idle'`,
      [pids],
    );
    const { idle = 0, oldest_ms = 0 } = row ?? {};
    const seen = `PostgreSQL sees ${idle} of them, the oldest idle for ${oldest_ms} ms`;
    return {
      measured: { forgotten: this.forgotten, idle, oldest_ms },
      effective: idle > 0,
      detail:
        this.forgotten > 0
          ? `${this.forgotten} connections of this process were not given back since; ${seen}`
          : 'no connection was used since',
    };
  }

  private giveBack(client: PooledConnection, ended = false): void {
    // This bypasses the queue: it measures how long a connection was in use, which says nothing for a leaked one.
    if (this.leaked.delete(client)) this.connections.close(client, ended);
  }
}
