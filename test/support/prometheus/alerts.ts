import { parse } from 'yaml';
import { PromQl, seconds } from './promql';
import { keyOf, type Recording } from './recording';

interface Rule {
  alert: string;
  expression: PromQl;
  /** Seconds for which the expression must have held. */
  holdSeconds: number;
}

/** The alerts of a file of rules, evaluated repeatedly as Prometheus does. */
export class Alerts {
  readonly names: string[];
  /** Seconds between two evaluations. */
  readonly interval: number;
  private readonly rules: Rule[];
  /** Since when each alert has held, by its rule and its labels. */
  private readonly activeSince = new Map<string, number>();

  /** @throws on an expression that is not PromQL, and on what a rule should not contain */
  constructor(yaml: string) {
    const [group, ...others] = (parse(yaml) as { groups: Record<string, any>[] }).groups;
    if (!group || others.length > 0) throw new Error('one group of rules was expected');
    this.interval = seconds(group.interval);
    this.rules = group.rules.map(({ alert, expr, for: hold = '0s', labels, annotations, ...other }: any) => {
      if (!labels?.severity || !annotations?.summary || Object.keys(other).length > 0)
        throw new Error(`${alert}: every alert has a severity and a summary, none has ${Object.keys(other)}`);
      return { alert, expression: new PromQl(expr), holdSeconds: seconds(hold) };
    });
    this.names = this.rules.map(({ alert }) => alert);
  }

  /** Names of the alerts that fire at this time, in seconds. */
  evaluate(recording: Recording, at: number): Set<string> {
    const firing = new Set<string>();
    const active = new Set<string>();
    for (const { alert, expression, holdSeconds } of this.rules)
      for (const { labels } of expression.evaluate(recording, at)) {
        const key = `${alert}${keyOf(labels)}`;
        active.add(key);
        const since = this.activeSince.get(key) ?? at;
        this.activeSince.set(key, since);
        if (at - since >= holdSeconds) firing.add(alert);
      }
    for (const key of this.activeSince.keys()) if (!active.has(key)) this.activeSince.delete(key);
    return firing;
  }
}
