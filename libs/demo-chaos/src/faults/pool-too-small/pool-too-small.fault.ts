import { Configuration } from '@app/configuration';
import {
  applicationName,
  ConnectionQueue,
  Connections,
  ControlConnection,
  SessionConditions,
} from '@app/database';
import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import { MeasuredFault } from '../../measuring/measured-fault';
import type { Measurement } from '../../measuring/measurement';
import { slowedBy } from '../../measuring/slowed-by';
import { littlesLaw, type Sample } from './little';

class PoolTooSmallSettings {
  @WholeNumber('Connections that each process of this service may have', { minimum: 1, maximum: 100 })
  readonly connections: number = 2;

  @WholeNumber(
    'Milliseconds that each statement takes besides: two connections serve 1,000 fast statements a second',
    {
      minimum: 0,
      maximum: 2_000,
    },
  )
  readonly statement_ms: number = 300;
}

/** Number of samples to which the law is applied: with one every half second, the last ten seconds. */
const REMEMBERED = 20;

/** The database is idle, and the requests wait in the service's own queue. */
@Injectable()
export class PoolTooSmallFault extends MeasuredFault<PoolTooSmallSettings> {
  readonly name = 'pool-too-small';
  readonly title = 'Pool too small';
  readonly kind = 'pool';
  readonly summary =
    "This service's own pool has fewer connections than its requests need; the database is idle";
  readonly settings = PoolTooSmallSettings;
  override readonly example = { connections: 1 };
  private samples: Sample[] = [];

  constructor(
    private readonly connections: Connections,
    private readonly queue: ConnectionQueue,
    private readonly conditions: SessionConditions,
    private readonly control: ControlConnection,
    private readonly configuration: Configuration,
  ) {
    super();
  }

  protected switchOn({ connections, statement_ms }: PoolTooSmallSettings): void {
    this.samples = [];
    this.connections.limit(connections);
    if (statement_ms > 0) this.conditions.put(this.name, slowedBy(statement_ms));
  }

  protected switchOff(): void {
    this.conditions.put(this.name, undefined);
    this.connections.limit();
  }

  protected async measure({ connections }: PoolTooSmallSettings): Promise<Measurement> {
    const { open, at_work } = await this.sessions();
    this.samples = [...this.samples, this.sample(at_work)].slice(-REMEMBERED);
    const { arrivals, holdMs, needed, seen } = littlesLaw(this.samples);
    const { waiting } = this.queue.own;
    const law = `${oneDecimal(arrivals)} requests a second × ${oneDecimal(holdMs)} ms need ${oneDecimal(needed)} connections`;
    const found = `PostgreSQL sees ${open} of this process, ${oneDecimal(seen)} at work on average`;
    return {
      measured: {
        connections: open,
        ...{ arrivals_per_second: oneDecimal(arrivals), hold_ms: oneDecimal(holdMs) },
        ...{ needed: oneDecimal(needed), at_work: oneDecimal(seen), waiting },
      },
      effective: open <= connections && (needed > connections || waiting > 0),
      detail: `${law}; ${found}; ${waiting} requests wait`,
    };
  }

  private sample(atWork: number): Sample {
    const { counts, uses } = this.queue;
    return { at: performance.now(), arrived: counts.arrived, uses: uses.count, usedMs: uses.ms, atWork };
  }

  private async sessions(): Promise<{ open: number; at_work: number }> {
    const [row] = await this.control.ask<{ open: number; at_work: number }>(
      `SELECT count(*)::int AS open, count(*) FILTER (WHERE state <> 'idle')::int AS at_work
       FROM pg_stat_activity WHERE application_name = $1`,
      [applicationName(this.configuration.SERVICE_NAME, 'pool')],
    );
    return row ?? { open: 0, at_work: 0 };
  }
}

/** The number with one decimal. */
function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}
