import { readFileSync } from 'node:fs';
import type { DecodedSpan } from '@app/otlp';
import { parse } from 'yaml';
import { type Condition, parseCondition, type Statement, statement } from './ottl';

interface Pipeline {
  receivers?: string[];
  processors?: string[];
  exporters?: string[];
}

interface Document {
  processors?: Record<string, Processor | null>;
  connectors?: Record<string, Connector | null>;
  service?: { pipelines?: Record<string, Pipeline> };
}

interface Processor {
  trace_statements?: (string | { statements?: string[] })[];
  traces?: { span?: string[] };
}

interface Connector {
  namespace?: string;
  histogram?: { unit?: string; explicit?: { buckets?: string[] } };
  dimensions?: { name: string }[];
}

/** Processors that do not change spans. */
const TRANSPARENT = /^(memory_limiter|batch|groupbytrace|groupbyattrs)(\/|$)/;

/** The configuration of a Collector, as far as it affects spans. */
export class CollectorConfiguration {
  readonly pipelines: Record<string, Pipeline>;
  /** Processors of pipelines of traces whose effect is not known here. */
  readonly notRead: string[] = [];

  private constructor(private readonly document: Document) {
    this.pipelines = Object.fromEntries(
      Object.entries(document.service?.pipelines ?? {}).filter(([name]) => /^traces(\/|$)/.test(name)),
    );
    if (Object.keys(this.pipelines).length === 0) throw new Error('it has no pipeline of traces');
  }

  /** @throws if the file cannot be read, is not a configuration, or uses something unsupported in a transformation */
  static read(path: string): CollectorConfiguration {
    try {
      return new CollectorConfiguration(parse(readFileSync(path, 'utf8')) as Document);
    } catch (error) {
      throw new Error(`${path}: ${(error as Error).message}`);
    }
  }

  /** What a processor does to a span; undefined if it does nothing that is known here. */
  transformation(name: string): Statement | undefined {
    const texts = (this.document.processors?.[name]?.trace_statements ?? []).flatMap((group) =>
      typeof group === 'string' ? [group] : (group.statements ?? []),
    );
    if (texts.length === 0) return undefined;
    const statements = texts.map(statement);
    return (span) => {
      for (const change of statements) change(span);
    };
  }

  /** Which spans a processor drops; undefined if it drops none that is known here. */
  filter(name: string): Condition | undefined {
    const conditions = (this.document.processors?.[name]?.traces?.span ?? []).map(parseCondition);
    return conditions.length === 0
      ? undefined
      : (span: DecodedSpan) => conditions.some((drops) => drops(span));
  }

  /** Whether a processor changes or drops spans in ways that are not supported here. */
  unknown(name: string): boolean {
    return !TRANSPARENT.test(name) && !this.transformation(name) && !this.filter(name);
  }

  /** The connector that makes metrics of spans under this name, with its buckets in milliseconds. */
  spanMetrics(name: string): { namespace: string; dimensions: string[]; bucketsMs: number[] } | undefined {
    if (!/^span_?metrics(\/|$)/.test(name)) return undefined;
    const connector = this.document.connectors?.[name] ?? {};
    return {
      namespace: connector.namespace ?? 'traces.span.metrics',
      dimensions: (connector.dimensions ?? []).map((dimension) => dimension.name),
      bucketsMs: (connector.histogram?.explicit?.buckets ?? []).map(milliseconds),
    };
  }
}

const MILLISECONDS: Record<string, number> = { us: 0.001, ms: 1, s: 1_000, m: 60_000 };

function milliseconds(bucket: string): number {
  const [, number, unit = ''] = /^([\d.]+)(us|ms|s|m)$/.exec(bucket) ?? [];
  if (!number) throw new Error(`${bucket} is no duration`);
  return Number(number) * (MILLISECONDS[unit] ?? 1);
}
