import type { DecodedLog, DecodedMetric, DecodedSpan } from '@app/otlp';
import type { Reader } from './readers/readers';
import type { Received } from './received';

/** What a broken rule means: the check fails, warns, or mentions something that can be switched on. */
export type Level = 'required' | 'recommended' | 'opt-in';

export const LEVELS: readonly Level[] = ['required', 'recommended', 'opt-in'];

export type Signal = 'traces' | 'metrics' | 'logs';

/** Where a rule comes from: an address, and the date on which it was read or the commit or version that it had. */
export interface Source {
  address: string;
  asOf: string;
}

/** One thing that broke a rule: what it belongs to, and what is wrong with it. */
export interface Fault {
  subject: string;
  what: string;
}

/** One thing that a reader needs. */
export interface Rule {
  /** Stable, and unique: `reader/what`. */
  id: string;
  reader: Reader;
  level: Level;
  signal: Signal;
  /** What has to hold. */
  title: string;
  /** What the reader does not show, or shows wrongly, if the rule is broken: one sentence. */
  without: string;
  source: Source;
  /** The attributes that it checks; one of them is enough. */
  attributes?: readonly string[];
  check(received: Received): Finding;
}

interface Finding {
  /** Number of things to which the rule applied. */
  checked: number;
  faults: Fault[];
}

/** A rule without the check. */
export type About = Omit<Rule, 'check' | 'signal'>;

interface ItemCheck<Item> {
  appliesTo(item: Item, received: Received): boolean;
  /** What is wrong; undefined if nothing is. */
  fault(item: Item, received: Received): string | undefined;
}

export function spanRule(about: About, check: ItemCheck<DecodedSpan>): Rule {
  return { ...about, signal: 'traces', check: each(({ spans }) => spans, spanSubject, check) };
}

export function metricRule(about: About, check: ItemCheck<DecodedMetric>): Rule {
  return { ...about, signal: 'metrics', check: each(({ metrics }) => metrics, metricSubject, check) };
}

export function logRule(about: About, check: ItemCheck<DecodedLog>): Rule {
  return { ...about, signal: 'logs', check: each(({ logs }) => logs, logSubject, check) };
}

/** A rule that examines everything at once. */
export function wholeRule(about: About, signal: Signal, check: Rule['check']): Rule {
  return { ...about, signal, check };
}

const spanSubject = ({ service, name }: DecodedSpan) => `${service}: ${name || '(no name)'}`;
const metricSubject = ({ service, name }: DecodedMetric) => `${service}: ${name}`;
const logSubject = ({ service, eventName, body }: DecodedLog) =>
  `${service}: ${eventName || JSON.stringify(body).slice(0, 60)}`;

function each<Item>(
  items: (received: Received) => readonly Item[],
  subject: (item: Item) => string,
  { appliesTo, fault }: ItemCheck<Item>,
): Rule['check'] {
  return (received) => {
    const concerned = items(received).filter((item) => appliesTo(item, received));
    const faults = concerned.flatMap((item) => {
      const what = fault(item, received);
      return what === undefined ? [] : [{ subject: subject(item), what }];
    });
    return { checked: concerned.length, faults };
  };
}
