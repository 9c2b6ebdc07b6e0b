import type { DecodedSpan } from '@app/otlp';
import { type Level, type Rule, type Source, spanRule } from '../rule';
import { actsOnTable, getsConnection, isRequest, isStatement } from '../spans/classify';
import type { Reader } from './readers';

/** The spans in which a reader looks for an attribute. */
const CARRIERS = { statement: isStatement, table: actsOnTable, request: isRequest };

interface Need {
  level?: Level;
  /** `table`: statements that act on a table. */
  on?: keyof typeof CARRIERS;
  source: Source;
  /** One of these is enough. */
  oneOf: readonly string[];
  without: string;
  type?: 'string' | 'number';
}

const SUBJECTS = { statement: 'a statement', table: 'a statement on a table', request: 'a request' };

/** A rule that a reader needs an attribute, under any of some names. */
export function needs(
  reader: Reader,
  { level = 'required', on = 'statement', source, oneOf, without, type = 'string' }: Need,
  id: string = oneOf[0] ?? '',
): Rule {
  return spanRule(
    {
      ...{ id: `${reader}/${id}`, reader, level, source, without, attributes: oneOf },
      title: `${SUBJECTS[on]} has ${oneOf.join(' or ')}`,
    },
    {
      appliesTo: CARRIERS[on],
      fault: ({ attributes }) => {
        const name = oneOf.find((candidate) => attributes[candidate] !== undefined);
        if (!name) return `${oneOf.join(' and ')} ${oneOf.length > 1 ? 'are' : 'is'} missing`;
        const value = attributes[name];
        if (typeof value !== type) return `${name} is a ${typeof value}, not a ${type}`;
        return value === '' ? `${name} is empty` : undefined;
      },
    },
  );
}

/** A rule that a reader counts only spans of some kinds as database calls. */
export function countsKinds(
  reader: Reader,
  source: Source,
  kinds: readonly DecodedSpan['kind'][] = ['CLIENT'],
): Rule {
  return spanRule(
    {
      ...{ id: `${reader}/kind`, reader, level: 'required', source },
      title: `a statement is a span of kind ${kinds.join(' or ')}`,
      without: 'It is in no list and no chart of database calls.',
    },
    { appliesTo: isStatement, fault: ({ kind }) => (kinds.includes(kind) ? undefined : `kind is ${kind}`) },
  );
}

/** A reader counts every span with one of these names as a query, so getting a connection must not have any. */
export function countsConnecting(
  reader: Reader,
  source: Source,
  names: readonly string[],
  kinds: readonly DecodedSpan['kind'][] = ['CLIENT'],
): Rule {
  return spanRule(
    {
      ...{ id: `${reader}/connecting-is-no-query`, reader, level: 'required', source, attributes: names },
      title: 'getting a connection is not counted as a query',
      without: 'Each time that a connection is had is one more query: counts are too high, averages too low.',
    },
    {
      appliesTo: getsConnection,
      fault: ({ kind, attributes }) => {
        const carried = names.find((name) => attributes[name] !== undefined);
        return carried && kinds.includes(kind) ? `it is a ${kind} span with ${carried}` : undefined;
      },
    },
  );
}
