import type { DecodedSpan } from '@app/otlp';
import { Injectable } from '@nestjs/common';
import { type DatabaseCall, databaseCall } from './database-call';
import { type Series, seriesOf } from './series';
import { type Statistics, statistics } from './statistics';
import { type Cell, Timeline } from './timeline';
import { Totals } from './totals';

/** Rows of a table, at most; the ones that took most time. */
const MOST_ROWS = 100;
/** Seconds until the services have sent what they measured: charts end that much before now. */
const DELIVERY_S = 2;

type Row<Field extends keyof DatabaseCall> = Pick<DatabaseCall, Field> & Statistics & { services: string[] };

/** A database as its clients see it. */
export interface DatabaseView extends Row<'database' | 'system'> {
  calling_services: Row<'service'>[];
  operations: Row<'service' | 'operation' | 'table'>[];
  statements: Row<'statement' | 'operation' | 'table'>[];
  series: Series;
}

export interface CatalogView {
  window_minutes: number;
  /** Seconds that the figures are of: the window, or what there is of it. */
  seconds: number;
  /** Database spans that are in no figure. */
  uncounted: number;
  databases: DatabaseView[];
}

/** The database catalog: figures from the spans of the services, and from nothing else. */
@Injectable()
export class Catalog {
  private readonly timeline = new Timeline();

  add(span: DecodedSpan, now = Date.now()): void {
    const call = databaseCall(span);
    if (!call) return;
    const endSecond = Number(span.endUnixNano / 1_000_000_000n);
    this.timeline.add(call, endSecond, span.durationMs, span.status === 'ERROR', Math.floor(now / 1_000));
  }

  /** The last minutes. */
  view(windowMinutes: number, now = Date.now()): CatalogView {
    const last = Math.floor(now / 1_000);
    const first = last - windowMinutes * 60 + 1;
    const known = Math.max(first, this.timeline.begin ?? last);
    const seconds = last - known + 1;
    const cells = [...this.timeline.between(first, last)];
    const databases = rows(cells, ['database', 'system'], seconds).map((row) => {
      const own = cells.filter(({ call }) => call.database === row.database && call.system === row.system);
      return {
        ...row,
        calling_services: rows(own, ['service'], seconds),
        operations: rows(own, ['service', 'operation', 'table'], seconds),
        statements: rows(own, ['statement', 'operation', 'table'], seconds),
        series: seriesOf(own, known, last - DELIVERY_S),
      };
    });
    return { window_minutes: windowMinutes, seconds, uncounted: this.timeline.uncounted, databases };
  }
}

/** One row for each combination of values of some fields, the most time-consuming first. */
function rows<Field extends keyof DatabaseCall>(
  cells: Cell[],
  fields: Field[],
  seconds: number,
): Row<Field>[] {
  const groups = Map.groupBy(cells, ({ call }) => fields.map((field) => call[field]).join('\n'));
  return [...groups.values()]
    .map((group) => {
      const totals = group.reduce((sum, cell) => sum.merge(cell.totals), new Totals());
      const call = (group[0] as Cell).call;
      const named = Object.fromEntries(fields.map((field) => [field, call[field]])) as Pick<
        DatabaseCall,
        Field
      >;
      const services = [...new Set(group.map((cell) => cell.call.service))].sort();
      return { ...named, services, ...statistics(totals, seconds) };
    })
    .sort((a, b) => b.total_ms - a.total_ms)
    .slice(0, MOST_ROWS);
}
