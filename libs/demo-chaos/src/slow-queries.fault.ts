import { type Condition, SessionConditions } from '@app/database';
import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { type Declaration, Fault, type FaultEffect } from './fault';

/** SQLSTATE of the notice by which slow.delay() says how long it took; its detail is the milliseconds. */
const DELAYED = 'DEM01';
/** Share of the delay that a statement must have been slowed by, for the fault to count as effective. */
const EFFECTIVE_FROM = 0.9;

/**
 * Makes every statement slow inside PostgreSQL: views of the same names as the tables, first in the search_path, call
 * a delay. The SQL of the application stays as it is, so PostgreSQL's own views show the real query as slow.
 */
@Injectable()
export class SlowQueriesFault extends Fault {
  readonly name = 'slow-queries';
  private delayMs?: number;
  private measured?: { added_ms: number; statements: number };

  constructor(
    private readonly conditions: SessionConditions,
    pool: Pool,
  ) {
    super();
    pool.on('connect', (client) => {
      client.on('notice', ({ code, detail }) => {
        if (code === DELAYED) this.measure(Number(detail));
      });
    });
  }

  async apply(declaration: Declaration | undefined): Promise<boolean> {
    const delayMs = declaration ? Number(declaration.settings.delay_ms) : undefined;
    if (delayMs === this.delayMs) return true;
    this.delayMs = delayMs;
    this.measured = undefined;
    this.conditions.current = delayMs === undefined ? undefined : slowedBy(delayMs);
    return true;
  }

  effect({ settings }: Declaration): FaultEffect {
    const asked = { delay_ms: settings.delay_ms };
    const { measured } = this;
    if (!measured) {
      return { asked, detail: `asked +${settings.delay_ms} ms; no statement of this process has run since` };
    }
    const effective = measured.added_ms >= Number(settings.delay_ms) * EFFECTIVE_FROM;
    const verdict = effective ? '' : 'NOT EFFECTIVE: ';
    const detail = `${verdict}asked +${settings.delay_ms} ms, last statement +${measured.added_ms} ms in the server`;
    return { asked, measured, effective, detail };
  }

  private measure(addedMs: number): void {
    this.measured = { added_ms: Math.round(addedMs), statements: (this.measured?.statements ?? 0) + 1 };
  }
}

function slowedBy(delayMs: number): Condition {
  return {
    apply: `SET search_path = slow, public; SET demo.delay_ms = ${delayMs}`,
    lift: 'RESET search_path; RESET demo.delay_ms',
    addedMs: delayMs,
    attributes: Object.freeze({
      'db.simulation.slow_query_enabled': true,
      'db.simulation.delay_ms': delayMs,
    }),
  };
}
