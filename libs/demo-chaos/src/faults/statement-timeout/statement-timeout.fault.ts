import { ControlConnection, SessionConditions } from '@app/database';
import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import { MeasuredFault } from '../../measuring/measured-fault';
import type { Measurement } from '../../measuring/measurement';
import { rollbacks } from '../../measuring/rollbacks';

class StatementTimeoutSettings {
  @WholeNumber('Milliseconds after which PostgreSQL ends a statement', { minimum: 10, maximum: 2_000 })
  readonly timeout_ms: number = 200;
}

/** Statements take this many times as long as they may. */
const SLOWER = 2;

/** Statements are slower than their own timeout: the same query fails again and again, always after the same time. */
@Injectable()
export class StatementTimeoutFault extends MeasuredFault<StatementTimeoutSettings> {
  readonly name = 'statement-timeout';
  readonly title = 'Statement timeout';
  readonly kind = 'query';
  readonly summary = 'Every statement of this service takes longer than its timeout, and PostgreSQL ends it';
  readonly settings = StatementTimeoutSettings;
  private before = 0;

  constructor(
    private readonly conditions: SessionConditions,
    private readonly control: ControlConnection,
  ) {
    super();
  }

  protected async switchOn({ timeout_ms }: StatementTimeoutSettings): Promise<void> {
    this.before = await rollbacks(this.control).catch(() => 0);
    this.conditions.put(this.name, {
      schema: 'slow',
      settings: { 'demo.delay_ms': String(timeout_ms * SLOWER), statement_timeout: `${timeout_ms}ms` },
      addedMs: timeout_ms,
    });
  }

  protected switchOff(): void {
    this.conditions.put(this.name, undefined);
  }

  protected async measure(): Promise<Measurement> {
    const ended = (await rollbacks(this.control)) - this.before;
    return {
      measured: { rollbacks: ended },
      effective: ended > 0,
      detail:
        ended > 0 ? `PostgreSQL has rolled back ${ended} statements since` : 'no statement has failed since',
    };
  }
}
