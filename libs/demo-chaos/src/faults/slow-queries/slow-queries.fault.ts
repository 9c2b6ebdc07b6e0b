import { SessionCheck, SessionConditions } from '@app/database';
import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { type Declaration, Fault, type FaultEffect } from '../../fault';
import { slowedBy } from '../../measuring/slowed-by';
import { SlowQueriesSettings } from './slow-queries.settings';

/** SQLSTATE of the notice in which slow.delay() reports how long it took; its detail is the milliseconds. */
const DELAYED = 'DEM01';
/** Share of the delay by which a statement must have been slowed for the fault to count as effective. */
const EFFECTIVE_FROM = 0.9;

/**
 * Makes every statement slow inside PostgreSQL: views with the names of the tables, first in the search_path, call a
 * delay. The SQL of the application stays as it is, so PostgreSQL's own views show the real query as slow.
 */
@Injectable()
export class SlowQueriesFault extends Fault<SlowQueriesSettings> {
  readonly name = 'slow-queries';
  readonly title = 'Slow queries';
  readonly kind = 'query';
  readonly summary = 'Makes every statement of this service slow, inside PostgreSQL';
  readonly settings = SlowQueriesSettings;
  override readonly example = { delay_ms: 500 };
  override readonly routine = true;
  private asked?: SlowQueriesSettings;
  private measured?: { added_ms: number; statements: number };

  constructor(
    private readonly conditions: SessionConditions,
    private readonly sessions: SessionCheck,
    pool: Pool,
  ) {
    super();
    sessions.changed(() => this.slowDown());
    pool.on('connect', (client) => {
      client.on('notice', ({ code, detail }) => {
        if (code === DELAYED) this.measure(Number(detail));
      });
    });
  }

  async apply(declaration: Declaration<SlowQueriesSettings> | undefined): Promise<boolean> {
    const asked = declaration?.settings;
    if (asked?.delay_ms === this.asked?.delay_ms && asked?.mode === this.asked?.mode) return true;
    this.asked = asked;
    this.measured = undefined;
    this.slowDown();
    return true;
  }

  effect({ settings }: Declaration<SlowQueriesSettings>): FaultEffect {
    const { delay_ms, mode } = settings;
    const asked = { delay_ms, ...(mode === 'work' && { mode }) };
    const { measured } = this;
    if (this.sessions.shared) {
      const detail = `NOT EFFECTIVE: ${this.sessions.shared}; the delay would slow other services and outlive its reset`;
      return { asked, effective: false, detail };
    }
    if (!measured) {
      return { asked, detail: `asked +${settings.delay_ms} ms; no statement of this process has run since` };
    }
    const effective = measured.added_ms >= settings.delay_ms * EFFECTIVE_FROM;
    const verdict = effective ? '' : 'NOT EFFECTIVE: ';
    const detail = `${verdict}asked +${settings.delay_ms} ms, last statement +${measured.added_ms} ms in the server`;
    return { asked, measured, effective, detail };
  }

  /** If the connections have no sessions of their own, they are left as they are. */
  private slowDown(): void {
    const asked = this.sessions.shared ? undefined : this.asked;
    this.conditions.put(this.name, asked && slowedBy(asked.delay_ms, asked.mode));
  }

  private measure(addedMs: number): void {
    this.measured = { added_ms: Math.round(addedMs), statements: (this.measured?.statements ?? 0) + 1 };
  }
}
