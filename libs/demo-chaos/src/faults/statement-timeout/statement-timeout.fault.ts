import { Failures, SessionConditions } from '@app/database';
import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import { MeasuredFault } from '../../measuring/measured-fault';
import type { Measurement } from '../../measuring/measurement';

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
    private readonly failures: Failures,
  ) {
    super();
  }

  protected switchOn({ timeout_ms }: StatementTimeoutSettings): void {
    this.before = this.failures.counted('statement_timeout');
    this.conditions.put(this.name, {
      schema: 'slow',
      settings: { 'demo.delay_ms': String(timeout_ms * SLOWER), statement_timeout: `${timeout_ms}ms` },
      addedMs: timeout_ms,
    });
  }

  protected switchOff(): void {
    this.conditions.put(this.name, undefined);
  }

  /**
   * What PostgreSQL answered, and not its count of rollbacks: a backend keeps that to itself while it has no other
   * statistics to report, which was 8 s and 99 ended statements.
   */
  protected async measure(): Promise<Measurement> {
    const ended = this.failures.counted('statement_timeout') - this.before;
    return {
      measured: { ended },
      effective: ended > 0,
      detail:
        ended > 0
          ? `PostgreSQL has ended ${ended} statements of this process since (57014)`
          : 'PostgreSQL has ended no statement of this process since',
    };
  }
}
