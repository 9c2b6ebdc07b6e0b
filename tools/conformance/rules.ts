import type { DecodedSpan } from '@app/otlp';
import { ATTRIBUTES, type Carrier, type Presence } from '@app/telemetry';
import type { Rule } from './rule';
import { isStatement, STRUCTURE_RULES } from './structure-rules';

/** Reasons for which a statement never reached PostgreSQL. */
const NOT_EXECUTED = ['pool_timeout', 'queue_full', 'unreachable', 'caller_gone'];
const WITHOUT_TABLE = ['BEGIN', 'COMMIT', 'ROLLBACK'];

const CARRIERS: Record<Carrier | 'every', (span: DecodedSpan) => boolean> = {
  statement: isStatement,
  request: ({ kind }) => kind === 'SERVER',
  wait: ({ name }) => name === 'pool.acquire',
  every: () => true,
};

const failed = ({ status }: DecodedSpan) => status === 'ERROR';
const errorType = ({ attributes }: DecodedSpan) => String(attributes['error.type']);

const PRESENCE: Record<Presence, (span: DecodedSpan) => boolean> = {
  always: () => true,
  table: ({ attributes }) =>
    !WITHOUT_TABLE.includes(String(attributes['db.operation'] ?? attributes['db.operation.name'])),
  answer: (span) => !failed(span),
  executed: (span) => !NOT_EXECUTED.includes(errorType(span)),
  failure: failed,
  sqlstate: (span) => failed(span) && /^[0-9A-Z]{5}$/.test(errorType(span)),
  route: ({ attributes }) => Number(attributes['http.response.status_code']) < 400,
  'slow-queries': ({ attributes }) => attributes['db.simulation.slow_query_enabled'] !== undefined,
};

/** A rule for each attribute and each backend that needs it, from the registry that the services are typed by. */
const ATTRIBUTE_RULES: Rule[] = Object.entries(ATTRIBUTES).flatMap(
  ([name, { type, on, present, neededBy }]) =>
    neededBy.map((backend) => ({
      backend,
      title: `${name} (${type})${present === 'always' ? '' : `, ${present}`}`,
      appliesTo: (span: DecodedSpan) => CARRIERS[on](span) && PRESENCE[present](span),
      fault: ({ attributes }: DecodedSpan) => {
        const value = attributes[name];
        if (value === undefined) return `${name} is missing`;
        if (typeof value !== type) return `${name} is a ${typeof value}, not a ${type}`;
        return value === '' ? `${name} is empty` : undefined;
      },
    })),
);

export const RULES: readonly Rule[] = [...STRUCTURE_RULES, ...ATTRIBUTE_RULES];
