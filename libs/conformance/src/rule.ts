import type { DecodedLog, DecodedMetric, DecodedSpan } from '@app/otlp';
import type { Reader } from './readers/readers';
import type { Received } from './received';

/** What a broken rule means: the check fails, warns, or tells of something that can be switched on. */
export type Level = 'required' | 'recommended' | 'opt-in';

export const LEVELS: readonly Level[] = ['required', 'recommended', 'opt-in'];

export type Signal = 'traces' | 'metrics' | 'logs';

/** Where a rule is from: an address, and the date on which it was read or the commit or version that it had. */
export interface Source {
  address: string;
  asOf: string;
}

/** One thing that broke a rule: whose it is, and what is wrong with it. */
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
  /** What the reader does not show, or shows wrongly, where it does not hold: one sentence. */
  without: string;
  source: Source;
  /** The attributes that it looks for: one of them is enough. */
  attributes?: readonly string[];
  check(received: Received): Finding;
}

interface Finding {
  /** Things that the rule spoke of. */
  checked: number;
  faults: Fault[];
}

/** All of a rule but how it looks at what came. */
export type About = Omit<Rule, 'check' | 'signal'>;

interface Look<Item> {
  appliesTo(item: Item, received: Received): boolean;
  /** What is wrong; undefined if nothing is. */
  fault(item: Item, received: Received): string | undefined;
}

export function spanRule(about: About, look: Look<DecodedSpan>): Rule {
  return { ...about, signal: 'traces', check: each(({ spans }) => spans, spanSubject, look) };
}

export function metricRule(about: About, look: Look<DecodedMetric>): Rule {
  return { ...about, signal: 'metrics', check: each(({ metrics }) => metrics, metricSubject, look) };
}

export function logRule(about: About, look: Look<DecodedLog>): Rule {
  return { ...about, signal: 'logs', check: each(({ logs }) => logs, logSubject, look) };
}

/** A rule that looks at everything at once. */
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
  { appliesTo, fault }: Look<Item>,
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
