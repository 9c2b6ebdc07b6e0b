import { ControlConnection, SessionConditions } from '@app/database';
import { Injectable } from '@nestjs/common';
import { MeasuredFault } from '../../measuring/measured-fault';
import type { Measurement } from '../../measuring/measurement';

class MissingIndexSettings {}

/** Number of rows from which reading all of them is felt. */
const FELT_FROM = 50_000;

interface Scans {
  /** Rows that sequential scans have read, in all tables. */
  read: number;
  /** Rows in the largest table. */
  rows: number;
}

/**
 * The planner cannot use the primary keys: views with the names of the tables, first in the search_path, have `id + 0`
 * instead of `id`. It needs no DDL on the tables and no planner switch, and the SQL of the application stays as it is.
 */
@Injectable()
export class MissingIndexFault extends MeasuredFault<MissingIndexSettings> {
  readonly name = 'missing-index';
  readonly title = 'Missing index';
  readonly kind = 'query';
  readonly summary = 'The planner cannot use the primary keys: the same queries read whole tables';
  readonly settings = MissingIndexSettings;
  private before = 0;

  constructor(
    private readonly conditions: SessionConditions,
    private readonly control: ControlConnection,
  ) {
    super();
  }

  protected async switchOn(): Promise<void> {
    this.before = await this.scans().then(
      ({ read }) => read,
      () => 0,
    );
    this.conditions.put(this.name, { schema: 'noindex' });
  }

  protected switchOff(): void {
    this.conditions.put(this.name, undefined);
  }

  protected async measure(): Promise<Measurement> {
    const { read, rows } = await this.scans();
    const scanned = read - this.before;
    const small =
      rows < FELT_FROM ? `; orders has only ${rows} rows: the set-up makes more (DB_DEMO_ORDERS)` : '';
    return {
      measured: { rows_scanned: scanned, rows },
      effective: scanned >= Math.max(rows, 1),
      detail: `sequential scans have read ${scanned} rows since${small}`,
    };
  }

  private async scans(): Promise<Scans> {
    const [row] = await this.control.ask<Scans>(
      `SELECT sum(seq_tup_read)::float8 AS read,
              max(n_live_tup)::int AS rows
       FROM pg_stat_user_tables WHERE schemaname = 'public' AND relname IN ('orders', 'products')`,
    );
    return row ?? { read: 0, rows: 0 };
  }
}
