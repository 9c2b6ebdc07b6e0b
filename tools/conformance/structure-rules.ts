import type { DecodedSpan } from '@app/otlp';
import type { Backend } from '@app/telemetry';
import type { Rule } from './rule';

/** A span of a database, whichever generation of names it speaks. */
export function isStatement({ attributes }: DecodedSpan): boolean {
  return attributes['db.system'] !== undefined || attributes['db.system.name'] !== undefined;
}

const ONLY_CLIENT: readonly Backend[] = ['coralogix-catalog', 'coralogix-apm', 'new-relic', 'opentelemetry'];

/** What backends need beyond single attributes. */
export const STRUCTURE_RULES: readonly Rule[] = [
  ...ONLY_CLIENT.map((backend) => ({
    backend,
    title: 'a statement is a CLIENT span',
    appliesTo: isStatement,
    fault: ({ kind }: DecodedSpan) => (kind === 'CLIENT' ? undefined : `kind is ${kind}`),
  })),
  {
    backend: 'signoz',
    title: 'a statement is no SERVER span',
    appliesTo: isStatement,
    fault: ({ kind }) => (kind === 'SERVER' ? 'kind is SERVER' : undefined),
  },
  {
    backend: 'coralogix-span-metrics',
    title: 'the span name has no values, at most 100 characters',
    appliesTo: isStatement,
    fault: ({ name }) =>
      /[\n'"]|\d{3,}/.test(name) || name.length > 100 ? `name is ${JSON.stringify(name)}` : undefined,
  },
  {
    backend: 'coralogix-span-metrics',
    title: 'service.version of the resource',
    appliesTo: isStatement,
    fault: ({ resource }) => (resource['service.version'] ? undefined : 'service.version is missing'),
  },
  {
    backend: 'coralogix-apm',
    title: 'a wait for a connection is not counted as a query',
    appliesTo: ({ name }) => /acquire|pool/i.test(name),
    fault: (span) => (isStatement(span) ? `${span.name} carries db.system` : undefined),
  },
  {
    backend: 'datadog',
    title: 'no peer.service, which would split the database into one per caller',
    appliesTo: isStatement,
    fault: ({ attributes }) => (attributes['peer.service'] === undefined ? undefined : 'peer.service is set'),
  },
  {
    backend: 'jaeger',
    title: 'a statement has its request in the same trace',
    appliesTo: isStatement,
    fault: (span, all) => {
      const parent = all.find(
        ({ spanId, traceId }) => spanId === span.parentSpanId && traceId === span.traceId,
      );
      return parent ? undefined : 'its parent was not among the spans';
    },
  },
  {
    backend: 'opentelemetry',
    title: 'old and new names say the same',
    appliesTo: isStatement,
    fault: ({ attributes }) => {
      const pairs = [
        ['db.system', 'db.system.name'],
        ['db.name', 'db.namespace'],
        ['db.operation', 'db.operation.name'],
        ['db.statement', 'db.query.text'],
        ['db.sql.table', 'db.collection.name'],
        ['net.peer.name', 'server.address'],
      ] as const;
      const different = pairs.find(([old, current]) => attributes[old] !== attributes[current]);
      return different && `${different.join(' and ')} differ`;
    },
  },
  {
    backend: 'opentelemetry',
    title: 'the text of the query holds no values',
    appliesTo: isStatement,
    fault: ({ attributes }) => {
      const text = String(attributes['db.query.text'] ?? attributes['db.statement'] ?? '');
      // Values come as $1; what is quoted may be somebody's data.
      return text.includes("'") ? `something is quoted in ${JSON.stringify(text.slice(0, 80))}` : undefined;
    },
  },
];
