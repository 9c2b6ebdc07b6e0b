import type { DecodedSpan } from '@app/otlp';
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

/** What the spans of the last minutes prove. */
export interface Observed {
  /** `service operation table`, each once. */
  operations: string[];
  /** Database spans that were looked at. */
  examined: number;
  /** Required attributes that at least one of them lacks. */
  missing: string[];
  /** How many of them carry the pool's figures. */
  with_pool_figures: number;
  /** The figures of the latest one, such as `3 of 100`. */
  latest_pool: string;
}

@Injectable()
export class Observation {
  constructor(
    private readonly spans: SpanStore,
    private readonly catalog: Catalog,
  ) {}

  now(): Observed {
    const latest = this.spans.latest((span) => databaseCall(span) !== undefined, LATEST);
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
    const rows = this.catalog.view(15).databases.flatMap(({ operations }) => operations);
    return rows.map(({ service, operation, table }) => `${service} ${operation} ${table}`);
  }
}
