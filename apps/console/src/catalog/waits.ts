import type { DecodedSpan } from '@app/otlp';
import { addToRow, type Rows } from './heat';

/** Seconds kept, as long as for statements. */
const KEPT_S = 15 * 60 + 10;
const AHEAD_S = 10;
/** Services whose waits are kept at most. */
const MOST_SERVICES = 250;
/** The attribute that distinguishes the span of a wait: OpenTelemetry's name of the pool. */
const POOL_NAME = 'db.client.connection.pool.name';

/** Waits for a connection that ended in one second. */
export interface WaitCell {
  second: number;
  service: string;
  count: number;
  /** Milliseconds. */
  sumMs: number;
  rows: Rows;
}

/** How long requests waited for a connection, by second and service. */
export class Waits {
  private readonly seconds = new Map<number, Map<string, WaitCell>>();
  private readonly services = new Set<string>();

  add({ kind, service, attributes, endUnixNano, durationMs }: DecodedSpan, nowSecond: number): void {
    if (kind === 'CLIENT' || attributes[POOL_NAME] === undefined) return;
    const second = Number(endUnixNano / 1_000_000_000n);
    if (second <= nowSecond - KEPT_S || second > nowSecond + AHEAD_S) return;
    if (!this.services.has(service) && this.services.size >= MOST_SERVICES) return;
    this.services.add(service);
    const cells = this.seconds.get(second) ?? new Map<string, WaitCell>();
    if (cells.size === 0) this.begin(second, cells, nowSecond);
    const cell = cells.get(service) ?? { second, service, count: 0, sumMs: 0, rows: new Map() };
    cells.set(service, cell);
    cell.count += 1;
    cell.sumMs += durationMs;
    addToRow(cell.rows, durationMs);
  }

  /** All cells from one second to another, including both. */
  between(first: number, last: number): WaitCell[] {
    const seconds = [...this.seconds].filter(([second]) => second >= first && second <= last);
    return seconds.flatMap(([, cells]) => [...cells.values()]);
  }

  private begin(second: number, cells: Map<string, WaitCell>, nowSecond: number): void {
    this.seconds.set(second, cells);
    for (const old of this.seconds.keys()) if (old <= nowSecond - KEPT_S) this.seconds.delete(old);
  }
}
