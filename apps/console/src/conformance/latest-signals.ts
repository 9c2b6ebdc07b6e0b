import type { DecodedLog, DecodedMetric, DecodedSpan } from '@app/otlp';
import { Injectable } from '@nestjs/common';

/** Number of services for which something is kept; another one replaces the one that was silent longest. */
const MOST_SERVICES = 20;
/** Data points of the latest export of one service. */
const MOST_POINTS = 2_000;
/** Log records of one service. */
const MOST_LOGS = 200;

/** Attributes of a resource that are kept: a resource can be as large as a payload. */
const MOST_ATTRIBUTES = 100;

interface Signals {
  /** The resource of its latest span, because the SpanStore keeps none. */
  resource: DecodedSpan['resource'];
  metrics: readonly DecodedMetric[];
  logs: readonly DecodedLog[];
}

const NOTHING: Signals = { resource: {}, metrics: [], logs: [] };

/** What is kept of each service for the rules, besides its spans, which are in the SpanStore. */
@Injectable()
export class LatestSignals {
  // In the order in which they last sent something.
  private readonly services = new Map<string, Signals>();

  addSpans(spans: readonly DecodedSpan[]): void {
    for (const [service, [span]] of byService(spans)) {
      const resource = Object.fromEntries(Object.entries(span?.resource ?? {}).slice(0, MOST_ATTRIBUTES));
      this.keep(service, { ...this.of(service), resource });
    }
  }

  addMetrics(points: readonly DecodedMetric[]): void {
    for (const [service, metrics] of byService(points))
      this.keep(service, { ...this.of(service), metrics: metrics.slice(0, MOST_POINTS) });
  }

  addLogs(records: readonly DecodedLog[]): void {
    for (const [service, logs] of byService(records)) {
      const before = this.of(service);
      this.keep(service, { ...before, logs: [...before.logs, ...logs].slice(-MOST_LOGS) });
    }
  }

  of(service: string): Signals {
    return this.services.get(service) ?? NOTHING;
  }

  /** The latest first. */
  get names(): string[] {
    return [...this.services.keys()].reverse();
  }

  private keep(service: string, signals: Signals): void {
    this.services.delete(service);
    this.services.set(service, signals);
    const [oldest] = this.services.keys();
    if (this.services.size > MOST_SERVICES && oldest !== undefined) this.services.delete(oldest);
  }
}

function byService<Item extends { service: string }>(items: readonly Item[]) {
  return Map.groupBy(items, ({ service }) => service);
}
