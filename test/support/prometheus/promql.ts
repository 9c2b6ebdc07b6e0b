import { parser } from '@prometheus-io/lezer-promql';
import { histogramQuantile, rate } from './functions';
import { keyOf, type Labels, type Recording, type Sample } from './recording';

/** One element of a result, without `__name__` unless the expression is only a selector. */
interface Element {
  labels: Labels;
  value: number;
}
type Value = number | Element[];

type Node = ReturnType<typeof parser.parse>['topNode'];

/** Seconds for which the last sample of a series counts, as in Prometheus. */
const LOOKBACK = 300;
const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3_600 };

const ARITHMETIC: Record<string, (left: number, right: number) => number> = {
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '-': (left, right) => left - right,
};
const COMPARISONS: Record<string, (left: number, right: number) => boolean> = {
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
};
const AGGREGATIONS: Record<string, (values: number[]) => number> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  // As in Prometheus, what is not a number counts only if nothing else is there: a rate of 0 divided by another.
  max: (values) => values.reduce((most, value) => (Number.isNaN(most) || value > most ? value : most)),
  min: (values) => values.reduce((least, value) => (Number.isNaN(least) || value < least ? value : least)),
};
const MATCHERS: Record<string, (value: string, wanted: string) => boolean> = {
  '=': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '=~': (value, wanted) => new RegExp(`^(?:${wanted})$`).test(value),
  '!~': (value, wanted) => !new RegExp(`^(?:${wanted})$`).test(value),
};

/**
 * Evaluates as much of PromQL as our alerts need: the grammar is Prometheus' own, and what is not supported here is
 * refused, never guessed.
 */
export class PromQl {
  private readonly root: Node;

  /** @throws on what is not PromQL */
  constructor(private readonly expression: string) {
    this.root = parser.parse(expression).topNode;
    this.root.cursor().iterate(({ type, from }) => {
      if (type.isError) throw new Error(`no PromQL from character ${from} on: ${expression}`);
    });
  }

  /**
   * The result at a time in seconds.
   * @throws on an operator or a function that is not supported here
   */
  evaluate(recording: Recording, at: number): Element[] {
    const value = this.value(only(this.root), recording, at);
    return typeof value === 'number' ? [{ labels: {}, value }] : value;
  }

  private value(node: Node, recording: Recording, at: number): Value {
    const [first, ...rest] = children(node);
    switch (node.name) {
      case 'NumberDurationLiteral':
        return Number(this.text(node));
      case 'ParenExpr':
        return this.value(only(node), recording, at);
      case 'VectorSelector':
        return this.select(node, recording, at);
      case 'AggregateExpr':
        return this.aggregate(node, recording, at);
      case 'FunctionCall':
        return this.call(node, recording, at);
      case 'BinaryExpr': {
        const [operator, right, ...more] = rest;
        if (!first || !operator || !right || more.length > 0) throw this.unknown(node);
        return this.combine(this.value(first, recording, at), operator, this.value(right, recording, at));
      }
      default:
        throw this.unknown(node);
    }
  }

  private select(node: Node, recording: Recording, at: number): Element[] {
    return this.selected(node, recording).flatMap(({ labels, samples }) => {
      const last = samples.findLast((sample) => sample.at <= at);
      if (!last || Number.isNaN(last.value) || at - last.at >= LOOKBACK) return [];
      return [{ labels, value: last.value }];
    });
  }

  private selected(node: Node, recording: Recording) {
    const [identifier, matchers, ...more] = children(node);
    if (identifier?.name !== 'Identifier' || more.length > 0) throw this.unknown(node);
    const conditions = (matchers ? children(matchers) : []).map((matcher) => {
      const [label, operator, literal] = children(matcher).map((part) => this.text(part));
      const matches = MATCHERS[operator ?? ''];
      if (matcher.name !== 'UnquotedLabelMatcher' || !matches || !label || !literal)
        throw this.unknown(matcher);
      return (labels: Labels) => matches(labels[label] ?? '', JSON.parse(literal));
    });
    return recording
      .named(this.text(identifier))
      .filter(({ labels }) => conditions.every((condition) => condition(labels)));
  }

  private aggregate(node: Node, recording: Recording, at: number): Element[] {
    const parts = children(node);
    const [operator, modifier] = parts;
    const body = parts.at(-1);
    const aggregation = operator && AGGREGATIONS[this.text(operator)];
    if (!aggregation || !body || body.name !== 'FunctionCallBody' || parts.length > 3)
      throw this.unknown(node);
    const by = parts.length === 3 && modifier ? this.grouping(modifier) : [];
    const value = this.value(only(body), recording, at);
    if (typeof value === 'number') throw this.unknown(body);
    const groups = Map.groupBy(value, ({ labels }) => keyOf(picked(labels, by)));
    return [...groups.values()].map((elements) => ({
      labels: picked(elements[0]?.labels ?? {}, by),
      value: aggregation(elements.map((element) => element.value)),
    }));
  }

  private grouping(modifier: Node): string[] {
    const [by, labels] = children(modifier);
    if (by?.name !== 'By' || !labels) throw this.unknown(modifier);
    return children(labels).map((label) => this.text(label));
  }

  private call(node: Node, recording: Recording, at: number): Element[] {
    const [identifier, body] = children(node);
    const [first, second] = body ? children(body) : [];
    const name = identifier && this.text(identifier);
    if (name === 'rate' && first?.name === 'MatrixSelector' && !second) {
      const [selector, duration] = children(first);
      if (!selector || !duration) throw this.unknown(first);
      const from = at - seconds(this.text(duration));
      return this.selected(selector, recording).flatMap(({ labels, samples }) => {
        const inRange = samples.filter(
          (one: Sample) => one.at > from && one.at <= at && !Number.isNaN(one.value),
        );
        const value = rate(inRange, from, at);
        return value === undefined ? [] : [{ labels: nameless(labels), value }];
      });
    }
    if (name === 'histogram_quantile' && first?.name === 'NumberDurationLiteral' && second) {
      const buckets = this.value(second, recording, at);
      if (typeof buckets === 'number') throw this.unknown(second);
      const groups = Map.groupBy(buckets, ({ labels }) => keyOf(without(labels, 'le')));
      return [...groups.values()].map((group) => ({
        labels: without(group[0]?.labels ?? {}, 'le'),
        value: histogramQuantile(
          Number(this.text(first)),
          group.map(({ labels, value }) => ({
            le: Number(labels.le?.replace('Inf', 'Infinity')),
            count: value,
          })),
        ),
      }));
    }
    throw this.unknown(node);
  }

  /** Arithmetic, comparisons that keep the left side if they hold, and `and`. Vectors match on all labels. */
  private combine(left: Value, operator: Node, right: Value): Value {
    const symbol = this.text(operator);
    const calculate = ARITHMETIC[symbol];
    const compare = COMPARISONS[symbol];
    if (!calculate && !compare && symbol !== 'and') throw this.unknown(operator);
    if (typeof left === 'number') {
      if (!calculate) throw this.unknown(operator);
      if (typeof right === 'number') return calculate(left, right);
      return right.map(({ labels, value }) => ({ labels: nameless(labels), value: calculate(left, value) }));
    }
    const others =
      typeof right === 'number'
        ? undefined
        : new Map(right.map((one) => [keyOf(nameless(one.labels)), one.value]));
    return left.flatMap(({ labels, value }) => {
      const other = others ? others.get(keyOf(nameless(labels))) : (right as number);
      if (other === undefined) return [];
      if (calculate) return [{ labels: nameless(labels), value: calculate(value, other) }];
      if (compare) return compare(value, other) ? [{ labels, value }] : [];
      return [{ labels, value }];
    });
  }

  private text({ from, to }: Node): string {
    return this.expression.slice(from, to);
  }

  private unknown(node: Node): Error {
    return new Error(
      `${node.name} "${this.text(node)}" is not known to this evaluation of ${this.expression}`,
    );
  }
}

/** Seconds of a duration such as `1m`. */
export function seconds(duration: string): number {
  const [, amount, unit = ''] = /^(\d+)(ms|s|m|h)$/.exec(duration) ?? [];
  const inSeconds = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (Number.isNaN(inSeconds)) throw new Error(`${duration} is no duration that is known here`);
  return inSeconds;
}

function children(node: Node): Node[] {
  const found: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

function only(node: Node): Node {
  const [first, ...more] = children(node);
  if (!first || more.length > 0) throw new Error(`${node.name} has ${more.length + 1} parts`);
  return first;
}

function picked(labels: Labels, names: string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

function without(labels: Labels, ...names: string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

function nameless(labels: Labels): Labels {
  return without(labels, '__name__');
}
