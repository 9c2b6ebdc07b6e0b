import type { OperationFigures } from '@app/load';
import { failures as failuresOf, type Run, type StepRun } from './run';

/** How far apart a percentile of two runs may be: by a share of the larger one, or by milliseconds. */
interface Bound {
  share: number;
  ms: number;
}

/** What a fault governs. Percentiles come from buckets 2 % wide: neighbours are equal. */
const GOVERNED = { share: 0.021, ms: 0 };
/**
 * What no fault governs, as measured in five runs of each scenario on two shared cores: the pace of the machine decides
 * some milliseconds, and who meets a fault some more.
 */
const NOT_GOVERNED = { atRest: { share: 0.3, ms: 10 }, faulty: { share: 0.3, ms: 30 } };
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
    const faulty = a.faults.length + b.faults.length > 0;
    const other50 = servedMost(one, other) ? NOT_GOVERNED[faulty ? 'faulty' : 'atRest'] : undefined;
    return [
      counted(`${one.operation} sent`, one.sent, other.sent),
      percentile('p50', [one, other], governed ? GOVERNED : other50),
      percentile('p95', [one, other], governed ? GOVERNED : undefined),
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
  which: 'p50' | 'p95',
  [one, other]: [OperationFigures, OperationFigures],
  bound?: Bound,
): Row {
  const what = `${one.operation} ${which}`;
  const [a, b] = [enough(which, one), enough(which, other)];
  if (a === null || b === null) return { what, a, b, verdict: 'not judged', bound: 'too few' };
  const larger = Math.max(a, b);
  if (!bound || (which === 'p95' && larger < P95_FROM_MS))
    return { what, a, b, verdict: 'not judged', bound: 'nothing is promised' };
  const { share, ms } = bound;
  const verdict = Math.abs(a - b) <= Math.max(share * larger, ms) ? 'within' : 'changed';
  return { what, a, b, verdict, bound: `${Math.round(share * 100)} %${ms > 0 ? ` or ${ms} ms` : ''}` };
}
