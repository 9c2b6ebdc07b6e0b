import type { OperationFigures } from '@app/load';
import { failures as failuresOf, type Run, type StepRun } from './run';

/** How far apart percentiles of two runs of one seed may be, as measured on two shared cores; shares of the larger one. */
const BOUNDS = {
  // Percentiles come from buckets 2 % wide: neighbours are equal.
  governed: 0.021,
  p50: 0.3,
};
/** Differences in milliseconds that the pace of the machine decides. */
const PACE_MS = 10;
/** Failures that may differ by chance: one in a thousand of the journeys. */
const FEW = 0.001;
/** Number of journeys that a percentile needs: with fewer, single ones decide. */
const ENOUGH = { p50: 50, p95: 100 };
/** Share of failed journeys above which a percentile says who was served, which chance decides, and not how fast. */
const MOST_FAILED = 0.05;
/** Milliseconds below which nothing is promised about a p95. */
const P95_FROM_MS = 100;

/** One number of both runs. */
export interface Row {
  /** Number of the step from 1, or undefined for the whole run. */
  step?: number;
  what: string;
  a: number | null;
  b: number | null;
  /** `not judged`: nothing is promised about it. */
  verdict: 'equal' | 'within' | 'changed' | 'not judged';
  /** The allowed difference. */
  bound: string;
}

export interface Comparison {
  /** Why the runs cannot be compared; empty if they can. */
  refused: string[];
  rows: Row[];
}

/** Compares two runs. */
export function compareRuns(a: Run, b: Run): Comparison {
  const refused = [
    ...reasons('the first', a),
    ...reasons('the second', b),
    ...(a.seed === b.seed ? [] : [`their seeds differ: ${a.seed} and ${b.seed}`]),
    ...(a.steps.length === b.steps.length
      ? []
      : [`one has ${a.steps.length} steps, the other ${b.steps.length}`]),
  ];
  const failed = failuresWithin(a, b);
  const steps = a.steps.flatMap((step, index) => {
    const other = b.steps[index];
    if (!other) return [];
    const rows = [failed([step], [other]), ...operationRows(step, other)];
    return rows.map((row) => ({ step: index + 1, ...row }));
  });
  const whole = [counted('sent', sentOf(a.steps), sentOf(b.steps)), failed(a.steps, b.steps)];
  return { refused, rows: [...whole, ...steps] };
}

const sentOf = (steps: readonly StepRun[]) => sumOf(steps, ({ sent }) => sent);
const failedOf = (steps: readonly StepRun[]) => sumOf(steps, failuresOf);

function sumOf(steps: readonly StepRun[], read: (figures: OperationFigures) => number): number {
  return steps.flatMap(({ operations }) => operations).reduce((sum, figures) => sum + read(figures), 0);
}

/**
 * Compares the failures of some steps. Those of one step may differ by as many as those of the whole run, because chance
 * moves failures from one step to another.
 */
function failuresWithin(a: Run, b: Run): (ofA: StepRun[], ofB: StepRun[]) => Row {
  const percent = a.scenario.failures_within_percent ?? 1;
  const share = (percent / 100) * Math.max(failedOf(a.steps), failedOf(b.steps));
  const allowed = Math.max(share, FEW * sentOf(a.steps), 1);
  return (ofA, ofB) => {
    const [one, other] = [failedOf(ofA), failedOf(ofB)];
    const verdict = one === other ? 'equal' : Math.abs(one - other) <= allowed ? 'within' : 'changed';
    return { what: 'failed', a: one, b: other, verdict, bound: `${percent} %, ${allowed.toFixed(0)}` };
  };
}

function reasons(which: string, { not_repeatable_because }: Run): string[] {
  return not_repeatable_because.map((reason) => `${which}: ${reason}`);
}

function operationRows(a: StepRun, b: StepRun): Row[] {
  return a.operations.flatMap((one) => {
    const other = b.operations.find(({ operation }) => operation === one.operation);
    if (!other) return [];
    const governed = a.governs.includes(one.operation) && b.governs.includes(one.operation);
    return [
      counted(`${one.operation} sent`, one.sent, other.sent),
      percentile(
        `${one.operation} p50`,
        enough('p50', one),
        enough('p50', other),
        governed ? 'governed' : servedMost(one, other) ? 'p50' : undefined,
      ),
      percentile(
        `${one.operation} p95`,
        enough('p95', one),
        enough('p95', other),
        governed ? 'governed' : undefined,
      ),
    ];
  });
}

function servedMost(...both: OperationFigures[]): boolean {
  return both.every((figures) => failuresOf(figures) <= MOST_FAILED * figures.sent);
}

function enough(which: 'p50' | 'p95', figures: OperationFigures): number | null {
  return figures.sent >= ENOUGH[which] ? figures[`${which}_ms`] : null;
}

function counted(what: string, a: number, b: number): Row {
  return { what, a, b, verdict: a === b ? 'equal' : 'changed', bound: 'equal' };
}

function percentile(
  what: string,
  a: number | null,
  b: number | null,
  kind: 'governed' | 'p50' | undefined,
): Row {
  if (a === null || b === null) return { what, a, b, verdict: 'not judged', bound: 'too few' };
  if (!kind || (what.endsWith('p95') && Math.max(a, b) < P95_FROM_MS))
    return { what, a, b, verdict: 'not judged', bound: 'nothing is promised' };
  const bound = BOUNDS[kind];
  const apart = Math.abs(a - b);
  const within = apart <= bound * Math.max(a, b) || (kind === 'p50' && apart <= PACE_MS);
  return { what, a, b, verdict: within ? 'within' : 'changed', bound: `${Math.round(bound * 100)} %` };
}
