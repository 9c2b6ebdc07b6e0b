import type { Observed } from '@app/checks';
import type { DecodedSpan } from '@app/otlp';
import { SERVICES, serviceName } from '@app/service-client';
import { Injectable } from '@nestjs/common';
import { Catalog } from '../catalog/catalog';
import { databaseCall } from '../catalog/database-call';
import { SpanStore } from '../spans/span-store';

/** What database views need of every database span; the pool figures are looked at apart. */
const REQUIRED = [
  'db.system',
  'db.name',
  'db.operation',
  'db.statement',
  'db.sql.table',
  'net.peer.name',
  'db.user',
];
const POOL_FIGURES = ['active', 'max', 'utilization_percent'].map((figure) => `db.connection_pool.${figure}`);
/** Spans looked at: the latest ones. */
const LATEST = 500;
/** Anybody may send spans here; only those of the demo's own services are judged. */
const OWN: ReadonlySet<string> = new Set(SERVICES.map(serviceName));

@Injectable()
export class Observation {
  constructor(
    private readonly spans: SpanStore,
    private readonly catalog: Catalog,
  ) {}

  now(): Observed {
    const latest = this.spans.latest(
      (span) => OWN.has(span.service) && databaseCall(span) !== undefined,
      LATEST,
    );
    const has = (name: string) => (span: DecodedSpan) => span.attributes[name] !== undefined;
    const withFigures = latest.filter((span) => POOL_FIGURES.every((name) => has(name)(span)));
    const [newest] = withFigures;
    return {
      operations: this.operations(),
      examined: latest.length,
      missing: REQUIRED.filter((name) => !latest.every(has(name))),
      with_pool_figures: withFigures.length,
      latest_pool: newest
        ? POOL_FIGURES.slice(0, 2)
            .map((name) => newest.attributes[name])
            .join(' of ')
        : '',
    };
  }

  private operations(): string[] {
    const rows = this.catalog.view({ windowMinutes: 15 }).details?.operations ?? [];
    const own = rows.filter(({ service }) => OWN.has(service));
    return own.map(({ service, operation, table }) => `${service} ${operation} ${table}`);
  }
}
