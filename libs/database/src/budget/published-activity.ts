import type { Activity, ActivityRow } from './activity';

/** Version of what an observer sends. Processes of another version ignore it, and ask by themselves. */
const FORMAT = 1;
/** PostgreSQL accepts payloads of less than 8,000 bytes; this leaves room for what surrounds the rows. */
const MOST_BYTES_OF_ROWS = 7_600;

/** An activity, and which process has seen it. */
export interface Observation {
  /** `host:pid` of the observer. */
  observer: string;
  /** 0 for the observer, 1 for its deputy. */
  rank: number;
  /** Whether nothing has changed since the previous observation. */
  quiet: boolean;
  activity: Activity;
}

/** One notice. Rows that do not fit into one are sent in several, in order. */
export interface ObservationPart {
  v: typeof FORMAT;
  by: string;
  rank: number;
  quiet: boolean;
  ms: number;
  limits: [limit: number, superuser: number, max: number, reserved: number];
  part: number;
  parts: number;
  rows: Row[];
}

type Row = [
  role: string,
  name: string,
  open: number,
  active: number,
  idle: number,
  inTransaction: number,
  onLock: number,
];

/** The notices of an observation, each of less than 8,000 bytes. */
export function partsOf({ observer, rank, quiet, activity }: Observation): ObservationPart[] {
  const { server_ms: ms, limit, superuser, max_connections, reserved } = activity;
  const groups: Row[][] = [[]];
  let bytes = 0;
  for (const row of activity.rows.map(packed)) {
    const size = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (bytes + size > MOST_BYTES_OF_ROWS) {
      groups.push([]);
      bytes = 0;
    }
    bytes += size;
    groups.at(-1)?.push(row);
  }
  return groups.map((rows, part) => ({
    ...{ v: FORMAT, by: observer, rank, quiet, ms, part, parts: groups.length, rows },
    limits: [limit, Number(superuser), max_connections, reserved],
  }));
}

/** Puts the parts of observations together again. Anybody may send a notice, so one of another shape is ignored. */
export class ObservationParts {
  private rows: ActivityRow[] = [];
  /** The next part, as `observer/ms/part`. */
  private expected = '';

  /** The observation that this notice completes. */
  add(notice: unknown): Observation | undefined {
    if (!isPart(notice)) return undefined;
    const { by, ms, part, parts, rank, quiet, limits } = notice;
    if (part === 0) this.rows = [];
    else if (this.expected !== key(by, ms, part)) return undefined;
    this.rows.push(...notice.rows.map(unpacked));
    this.expected = key(by, ms, part + 1);
    if (part + 1 < parts) return undefined;
    const [limit, superuser, max_connections, reserved] = limits;
    const { rows } = this;
    this.rows = [];
    const activity = { server_ms: ms, limit, superuser: superuser !== 0, max_connections, reserved, rows };
    return { observer: by, rank, quiet, activity };
  }
}

function key(observer: string, ms: number, part: number): string {
  return `${observer}/${ms}/${part}`;
}

function packed(row: ActivityRow): Row {
  const { role, application_name, open, active, idle, idle_in_transaction, waiting_on_lock } = row;
  return [role, application_name, open, active, idle, idle_in_transaction, waiting_on_lock];
}

function unpacked([role, application_name, ...counts]: Row): ActivityRow {
  const [open, active, idle, idle_in_transaction, waiting_on_lock] = counts;
  return { role, application_name, open, active, idle, idle_in_transaction, waiting_on_lock };
}

function isPart(notice: unknown): notice is ObservationPart {
  const { v, by, rank, ms, part, parts, limits, rows } = notice as Partial<ObservationPart>;
  return (
    v === FORMAT &&
    typeof by === 'string' &&
    areNumbers([rank, ms, part, parts]) &&
    Array.isArray(limits) &&
    limits.length === 4 &&
    areNumbers(limits) &&
    Array.isArray(rows) &&
    rows.every(isRow)
  );
}

function isRow(row: unknown): row is Row {
  if (!Array.isArray(row) || row.length !== 7) return false;
  const [role, name, ...counts] = row;
  return typeof role === 'string' && typeof name === 'string' && areNumbers(counts);
}

function areNumbers(values: unknown[]): boolean {
  return values.every((value) => Number.isFinite(value));
}
