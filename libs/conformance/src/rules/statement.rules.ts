import type { DecodedSpan } from '@app/otlp';
import { type About, type Level, type Rule, spanRule } from '../rule';
import {
  getsConnection,
  isCurrentStatement,
  isSqlStatement,
  isStatement,
  queryText,
  system,
} from '../spans/classify';
import { systemFault } from '../spans/known-systems';
import { literals } from '../spans/sql-literals';
import { TraceIndex } from '../spans/trace-index';
import { valueInName } from '../spans/values-in-names';
import { conventionsOf } from './convention';
import { SOURCES } from './sources';

const about = conventionsOf(SOURCES.databaseSpans);

/** Databases that can live in the process that uses them. */
const EMBEDDED = /^(sqlite|h2|h2database|hsqldb|derby)$/;
const SQLSTATE = /^[0-9A-Z]{2}[0-9A-Z]{3}$/;

/** What the conventions say of a statement, in any generation of names. */
export const STATEMENT_RULES: readonly Rule[] = [
  statementRule(
    about('statement-kind', 'required', 'a statement is a CLIENT span', {
      without: 'Backends count CLIENT spans as calls of a database and leave out the others.',
    }),
    ({ kind, ...span }) =>
      kind === 'CLIENT' || (kind === 'INTERNAL' && EMBEDDED.test(String(system({ kind, ...span }))))
        ? undefined
        : `kind is ${kind}`,
  ),
  statementRule(
    about('db.system.name', 'required', 'a statement has db.system.name', {
      without: 'Under the stable conventions it is no call of a database.',
      attributes: ['db.system.name'],
    }),
    ({ attributes }) =>
      attributes['db.system.name'] === undefined ? 'db.system.name is missing' : undefined,
  ),
  ...[
    ['db.query.text', 'The statement is nowhere to be read.'],
    ['db.namespace', 'Databases of one server cannot be told apart.'],
    ['server.address', 'Servers cannot be told apart.'],
  ].map(([name = '', without = '']) =>
    statementRule(
      about(name, 'recommended', `a statement under stable names has ${name}`, {
        without,
        attributes: [name],
      }),
      ({ attributes }) => (attributes[name] === undefined ? `${name} is missing` : undefined),
      isCurrentStatement,
    ),
  ),
  ...[
    ['db.query.summary', 'Statements are grouped by their whole text.'],
    ['db.response.returned_rows', 'How much a statement returned is not known.'],
  ].map(([name = '', without = '']) =>
    statementRule(
      about(name, 'opt-in', `a statement under stable names has ${name}`, { without, attributes: [name] }),
      ({ attributes }) => (attributes[name] === undefined ? `${name} is missing` : undefined),
      (span) => isCurrentStatement(span) && span.status !== 'ERROR',
    ),
  ),
  spanRule(
    about('system-known', 'required', 'the system of a database is one that the registry knows', {
      without: 'Backends choose icon, parser and page by it, and file the rest under other.',
      attributes: ['db.system.name', 'db.system'],
    }),
    {
      appliesTo: (span) => system(span) !== undefined,
      fault: ({ attributes }) =>
        (['db.system', 'db.system.name'] as const)
          .filter((name) => attributes[name] !== undefined)
          .map((name) => systemFault(name, attributes[name]))
          .find((fault) => fault !== undefined),
    },
  ),
  statementRule(
    about('no-values-in-name', 'required', 'the name of a statement holds no values', {
      without: 'Each value makes a metric series and a row of its own in every list of operations.',
    }),
    ({ name }) => {
      const value = valueInName(name);
      return value && `the name holds ${value}`;
    },
  ),
  textRule('no-literals', 'required', 'the text of a statement without parameters holds no literals', {
    without: "Somebody's data is in the backend, and each value makes a statement of its own.",
    parameterised: false,
  }),
  textRule('constants-told', 'opt-in', 'the text of a statement with parameters holds no constants', {
    without: 'Two statements that differ in a constant are two rows; the conventions allow it.',
    parameterised: true,
  }),
  statementRule(
    about('one-span-a-statement', 'required', 'one statement is one CLIENT span', {
      without:
        'Two instrumentations tell of one statement: every count of queries and failures is twice what it was.',
    }),
    doubled,
  ),
  statementRule(
    about('error-status', 'required', 'a statement with error.type has the status ERROR', {
      without: 'Failures are counted by status: the page shows none.',
      source: SOURCES.recordingErrors,
    }),
    ({ status, attributes }) =>
      status === 'ERROR' ? undefined : `status is ${status}, error.type is ${attributes['error.type']}`,
    ({ attributes }) => attributes['error.type'] !== undefined,
  ),
  spanRule(
    about('error-type', 'required', 'a failed statement under stable names has error.type', {
      without: 'Failures of different causes cannot be told apart.',
      source: SOURCES.recordingErrors,
      attributes: ['error.type'],
    }),
    {
      appliesTo: (span) => isCurrentStatement(span) && span.status === 'ERROR',
      fault: ({ attributes }) => (attributes['error.type'] ? undefined : 'error.type is missing'),
    },
  ),
  spanRule(
    about('sqlstate', 'recommended', 'a statement that the server refused has db.response.status_code', {
      without: 'The code of the server has to be looked for in messages.',
      attributes: ['db.response.status_code'],
    }),
    {
      appliesTo: (span) =>
        isCurrentStatement(span) &&
        span.status === 'ERROR' &&
        SQLSTATE.test(String(span.attributes['error.type'])),
      fault: ({ attributes }) =>
        attributes['db.response.status_code'] === undefined
          ? 'db.response.status_code is missing'
          : undefined,
    },
  ),
];

function statementRule(
  rule: About,
  fault: (span: DecodedSpan, spans: readonly DecodedSpan[]) => string | undefined,
  also: (span: DecodedSpan) => boolean = () => true,
): Rule {
  return spanRule(rule, {
    appliesTo: (span) => isStatement(span) && also(span),
    fault: (span, { spans }) => fault(span, spans),
  });
}

function textRule(
  what: string,
  level: Level,
  title: string,
  { without, parameterised }: { without: string; parameterised: boolean },
): Rule {
  const read = (span: DecodedSpan) =>
    literals(String(queryText(span)), /mysql|mariadb/.test(String(system(span))));
  return spanRule(about(what, level, title, { without, attributes: ['db.query.text', 'db.statement'] }), {
    appliesTo: (span) =>
      isSqlStatement(span) &&
      typeof queryText(span) === 'string' &&
      read(span).parameterised === parameterised,
    fault: (span) => {
      const [first] = read(span).found;
      return (
        first && `${first.slice(0, 40)} stands in ${JSON.stringify(String(queryText(span)).slice(0, 80))}`
      );
    },
  });
}

/** Of two spans of different scopes for the same statement, the inner or the later one is redundant. */
function doubled(span: DecodedSpan, spans: readonly DecodedSpan[]): string | undefined {
  const index = TraceIndex.of(spans);
  const outer = index.ancestors(span).find((above) => above.kind === 'CLIENT' && isStatement(above));
  if (outer && outer.service === span.service)
    return `it lies within ${outer.name} of ${outer.scope || 'no scope'}`;
  const beside = index
    .siblings(span)
    .find((other) => other !== span && sameStatement(other, span) && beganBefore(other, span));
  return beside && `${beside.scope || 'another scope'} tells of it too`;
}

function sameStatement(one: DecodedSpan, other: DecodedSpan): boolean {
  const overlap = one.startUnixNano < other.endUnixNano && other.startUnixNano < one.endUnixNano;
  const text = queryText(one);
  return (
    overlap &&
    isStatement(one) &&
    !getsConnection(one) &&
    one.kind === 'CLIENT' &&
    one.scope !== other.scope &&
    one.service === other.service &&
    text !== undefined &&
    text === queryText(other)
  );
}

function beganBefore(one: DecodedSpan, other: DecodedSpan): boolean {
  if (one.startUnixNano !== other.startUnixNano) return one.startUnixNano < other.startUnixNano;
  return one.scope < other.scope;
}
