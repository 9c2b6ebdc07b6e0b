import { Configuration } from '@app/configuration';
import { applicationName, CallHabits, ControlConnection, SessionConditions } from '@app/database';
import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import { MeasuredFault } from '../../measuring/measured-fault';
import type { Measurement } from '../../measuring/measurement';

class TransactionAcrossCallSettings {
  @WholeNumber('Milliseconds that each transaction stays open while the request waits for something else', {
    minimum: 10,
    maximum: 10_000,
  })
  readonly wait_ms: number = 500;
}

interface Held {
  idle: number;
  oldest_ms: number;
}

/** A transaction stays open while its request waits for something outside the database. */
@Injectable()
export class TransactionAcrossCallFault extends MeasuredFault<TransactionAcrossCallSettings> {
  readonly name = 'transaction-across-call';
  readonly title = 'Transaction across a call';
  readonly kind = 'pool';
  readonly summary =
    'Each transaction of this service stays open while the request waits for something outside';
  readonly settings = TransactionAcrossCallSettings;
  private longest: Held = { idle: 0, oldest_ms: 0 };

  constructor(
    private readonly habits: CallHabits,
    private readonly conditions: SessionConditions,
    private readonly control: ControlConnection,
    private readonly configuration: Configuration,
  ) {
    super();
  }

  protected switchOn({ wait_ms }: TransactionAcrossCallSettings): void {
    this.longest = { idle: 0, oldest_ms: 0 };
    // The limit of the role itself would end a transaction after 1.5 s, which is the remedy.
    this.conditions.put(this.name, {
      settings: { idle_in_transaction_session_timeout: `${wait_ms + 1_500}ms` },
    });
    this.habits.holdOpenMs = wait_ms;
  }

  protected switchOff(): void {
    this.habits.holdOpenMs = undefined;
    this.conditions.put(this.name, undefined);
  }

  protected async measure(): Promise<Measurement> {
    const now = await this.held();
    if (now.oldest_ms > this.longest.oldest_ms) this.longest = now;
    const { idle, oldest_ms } = this.longest;
    return {
      measured: { idle_in_transaction: now.idle, longest_ms: oldest_ms },
      effective: idle > 0,
      detail:
        idle > 0
          ? `${now.idle} sessions of this process are idle in transaction, the longest was seen for ${oldest_ms} ms`
          : 'no session of this process was seen idle in transaction since',
    };
  }

  private async held(): Promise<Held> {
    const [row] = await this.control.ask<Held>(
      `SELECT count(*)::int AS idle,
              coalesce(max(round(extract(epoch FROM clock_timestamp() - state_change) * 1000)), 0)::int AS oldest_ms
       FROM pg_stat_activity WHERE application_name = $1 AND state = 'idle in transaction'`,
      [applicationName(this.configuration.SERVICE_NAME, 'pool')],
    );
    return row ?? { idle: 0, oldest_ms: 0 };
  }
}
