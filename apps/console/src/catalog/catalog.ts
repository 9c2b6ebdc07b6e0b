import type { DecodedSpan } from '@app/otlp';
import { Injectable } from '@nestjs/common';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { type DatabaseCall, databaseCall, ranInDatabase } from './database-call';
import { type Series, seriesOf } from './series';
import { type Now, nowOf, type Statistics, statistics } from './statistics';
import { type Cell, Timeline } from './timeline';
import { type Reading, Totals } from './totals';
import { Waits } from './waits';

/** Rows of a table at most: those that took the most time. */
const MOST_ROWS = 100;
/** Services that a row names at most. */
const MOST_NAMES = 20;
/** Seconds until the services have sent what they measured: charts end this long before now. */
const DELIVERY_S = 2;
/** Length of the time that counts as now, in seconds. */
const NOW_S = 5;

type Row<Field extends keyof DatabaseCall> = Pick<DatabaseCall, Field> &
  Statistics & {
    /** The same numbers for the last seconds. */
    now: Now;
    /** At most 20 of them. */
    services: string[];
    services_total: number;
    /** Whether some of its spans have only the new names of attributes. */
    new_names_only: boolean;
  };

/** A database as its clients observe it. */
export type DatabaseView = Row<'database' | 'system'>;

/** What is known of one database. */
export interface DatabaseDetails {
  calling_services: Row<'service'>[];
  operations: Row<'service' | 'operation' | 'table'>[];
  statements: Row<'statement' | 'operation' | 'table'>[];
  series: Series;
}

export interface CatalogView {
  window_minutes: number;
  reading: Reading;
  /** Seconds that the numbers cover: the window, or the part of it that has passed. */
  seconds: number;
  /** Seconds that `now` covers. */
  now_seconds: number;
  /** Database spans that no number includes. */
  uncounted: number;
  /** Caps that were exceeded, each as a sentence. */
  passed_caps: string[];
  /** The demo's own database first, then those that took the most time. */
  databases: DatabaseView[];
  /** Name of the database whose details follow: the requested one, or the demo's own. */
  selected: string;
  details?: DatabaseDetails;
}

/** What a viewer has chosen to see. */
export interface Choice {
  windowMinutes: number;
  /** By default the demo's own. */
  database?: string;
  reading?: Reading;
}

/** A period that numbers cover, in Unix seconds, including both ends. */
interface Spell {
  first: number;
  last: number;
  reading: Reading;
}

/** The database catalog: its numbers come only from the spans of the services. */
@Injectable()
export class Catalog {
  private readonly own: string;
  private readonly timeline: Timeline;
  private readonly waits = new Waits();

  constructor({ DB_NAME }: ConsoleConfiguration) {
    this.own = DB_NAME;
    this.timeline = new Timeline(DB_NAME);
  }

  add(span: DecodedSpan, now = Date.now()): void {
    const nowSecond = Math.floor(now / 1_000);
    const call = databaseCall(span);
    if (!call) return this.waits.add(span, nowSecond);
    const { durationMs, endUnixNano } = span;
    const second = Number(endUnixNano / 1_000_000_000n);
    const failed = span.status === 'ERROR';
    this.timeline.add(call, { second, durationMs, failed, ran: ranInDatabase(span) }, nowSecond);
  }

  /** The catalog for the last minutes. */
  view({ windowMinutes, database, reading = 'measured' }: Choice, at = Date.now()): CatalogView {
    const last = Math.floor(at / 1_000);
    const from = last - windowMinutes * 60 + 1;
    const first = Math.max(from, this.timeline.earliest ?? last);
    const spell = { first, last, reading };
    const cells = [...this.timeline.between(first, last)];
    const calls = callsOf(cells, last);
    const databases = rows(calls, ['database', 'system'], spell).sort(
      (a, b) => Number(b.database === this.own) - Number(a.database === this.own),
    );
    const selected = databases.some((row) => row.database === database) ? String(database) : this.own;
    const isSelected = ({ call }: { call: DatabaseCall }) => call.database === selected;
    const details = this.details(calls.filter(isSelected), cells.filter(isSelected), spell);
    return {
      ...{ window_minutes: windowMinutes, reading, seconds: last - first + 1, now_seconds: NOW_S },
      ...{ uncounted: this.timeline.uncounted, passed_caps: this.timeline.passedCaps },
      ...{ databases, selected },
      details,
    };
  }

  private details(calls: CallTotals[], cells: Cell[], spell: Spell): DatabaseDetails | undefined {
    if (calls.length === 0) return undefined;
    const shown: [number, number] = [spell.first, spell.last - DELIVERY_S];
    return {
      calling_services: rows(calls, ['service'], spell),
      operations: rows(calls, ['service', 'operation', 'table'], spell),
      statements: rows(calls, ['statement', 'operation', 'table'], spell),
      series: seriesOf(cells, this.waits.between(...shown), shown, spell.reading),
    };
  }
}

/** What is known of one statement, for each of the periods that a row has numbers for. */
interface CallTotals {
  call: DatabaseCall;
  window: Totals;
  /** What has arrived of the last seconds. */
  arrived: Totals;
  /** The last seconds of which everything has arrived. */
  complete: Totals;
}

/** Adds the seconds up, once for all tables. */
function callsOf(cells: readonly Cell[], last: number): CallTotals[] {
  const calls = new Map<DatabaseCall, CallTotals>();
  for (const { second, call, totals } of cells) {
    const known = calls.get(call) ?? newTotals(call);
    calls.set(call, known);
    known.window.merge(totals);
    // A mean can include a second that is not over, but a rate of it would be too low.
    if (second > last - NOW_S) known.arrived.merge(totals);
    const delivered = last - DELIVERY_S;
    if (second > delivered - NOW_S && second <= delivered) known.complete.merge(totals);
  }
  return [...calls.values()];
}

function newTotals(call: DatabaseCall): CallTotals {
  return { call, window: new Totals(), arrived: new Totals(), complete: new Totals() };
}

/** One row for each combination of values of some fields, the most time-consuming first. */
function rows<Field extends keyof DatabaseCall>(
  calls: readonly CallTotals[],
  fields: Field[],
  { first, last, reading }: Spell,
): Row<Field>[] {
  const groups = Map.groupBy(calls, ({ call }) => fields.map((field) => call[field]).join('\n'));
  const taken = (group: CallTotals[]) => group.reduce((sum, { window }) => sum + window.sumMs, 0);
  const longest = [...groups.values()].sort((a, b) => taken(b) - taken(a)).slice(0, MOST_ROWS);
  return longest.map((group) => {
    const { call } = group[0] as CallTotals;
    const named = Object.fromEntries(fields.map((field) => [field, call[field]])) as Pick<
      DatabaseCall,
      Field
    >;
    const services = [...new Set(group.map((one) => one.call.service))].sort();
    const together = (period: 'window' | 'arrived' | 'complete') =>
      group.reduce((sum, one) => sum.merge(one[period]), new Totals());
    return {
      ...named,
      services: services.slice(0, MOST_NAMES),
      services_total: services.length,
      new_names_only: group.some((one) => one.call.newNamesOnly),
      now: nowOf(together('arrived'), together('complete'), Math.min(NOW_S, last - first + 1), reading),
      ...statistics(together('window'), last - first + 1, reading),
    };
  });
}
