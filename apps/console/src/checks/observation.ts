import type { Observed } from '@app/checks';
import type { DecodedSpan } from '@app/otlp';
import { SERVICES, serviceName } from '@app/service-client';
import { Injectable } from '@nestjs/common';
import { Catalog } from '../catalog/catalog';
import { databaseCall } from '../catalog/database-call';
import { SpanStore } from '../spans/span-store';

/** Attributes that database views need on every database span; those of the pool are examined separately. */
const REQUIRED = [
  'db.system',
  'db.name',
  'db.operation',
  'db.statement',
  'db.sql.table',
  'net.peer.name',
  'db.user',
];
const POOL_ATTRIBUTES = ['active', 'max', 'utilization_percent'].map((name) => `db.connection_pool.${name}`);
/** Number of spans that are examined: the latest ones. */
const LATEST = 500;
/** Anybody may send spans here, but only those of the demo's own services are examined. */
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
    const withPool = latest.filter((span) => POOL_ATTRIBUTES.every((name) => has(name)(span)));
    const [newest] = withPool;
    return {
      operations: this.operations(),
      examined: latest.length,
      missing: REQUIRED.filter((name) => !latest.every(has(name))),
      with_pool_figures: withPool.length,
      latest_pool: newest
        ? POOL_ATTRIBUTES.slice(0, 2)
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
