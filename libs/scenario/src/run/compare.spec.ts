import type { OperationFigures } from '@app/load';
import { compareRuns } from './compare';
import type { Run, StepRun } from './run';

/** A run of one step with one operation. */
function run(figures: Partial<OperationFigures>, more: Partial<Run> = {}, step: Partial<StepRun> = {}): Run {
  const operation = {
    ...{ operation: 'check stock', sent: 200, ok: 200, conflict: 0, unavailable: 0, lock_timeout: 0 },
    ...{ gave_up: 0, failed: 0, tries: 200, late: 0, p50_ms: 100, p95_ms: 200, p99_ms: 300 },
    ...figures,
  } as OperationFigures;
  const steps = [{ governs: [], faults: [], operations: [operation], ...step } as unknown as StepRun];
  return { seed: 7, scenario: {}, not_repeatable_because: [], steps, ...more } as unknown as Run;
}

function verdicts(a: Run, b: Run): Record<string, string> {
  return Object.fromEntries(compareRuns(a, b).rows.map(({ what, verdict }) => [what, verdict]));
}

const GOVERNED = { governs: ['check stock'] };

describe('two runs of a scenario', () => {
  it('are the same where every number is', () => {
    expect(Object.values(verdicts(run({}), run({})))).not.toContain('changed');
  });

  it('cannot be compared when their seeds differ, or one is not repeatable', () => {
    const late = run({}, { not_repeatable_because: ['it did not come to its end'] });
    expect(compareRuns(run({}), run({}, { seed: 8 })).refused).toEqual(['their seeds differ: 7 and 8']);
    expect(compareRuns(run({}), late).refused).toEqual(['the second: it did not come to its end']);
  });

  it('must have sent the same journeys, one by one', () => {
    expect(verdicts(run({}), run({ sent: 201 }))).toMatchObject({
      sent: 'changed',
      'check stock sent': 'changed',
    });
  });

  it('may differ by 1 % of their failures, or by as much as the scenario says', () => {
    const [few, more] = [
      { unavailable: 100, sent: 500 },
      { unavailable: 110, sent: 500 },
    ];
    expect(verdicts(run(few), run(more)).failed).toBe('changed');
    const scenario = { failures_within_percent: 10 } as Run['scenario'];
    expect(verdicts(run(few, { scenario }), run(more)).failed).toBe('within');
  });

  it('say in which step their failures differ, by more than chance moves from one step to another', () => {
    const steps = (...failures: number[]) => ({
      steps: failures.flatMap((unavailable) => run({ unavailable, sent: 500 }).steps),
    });
    const failed = (first: number[], second: number[]) =>
      compareRuns(run({}, steps(...first)), run({}, steps(...second)))
        .rows.filter(({ what }) => what === 'failed')
        .map(({ step, verdict }) => [step, verdict]);
    expect(failed([300, 0, 200], [300, 0, 0])).toEqual([
      [undefined, 'changed'],
      [1, 'equal'],
      [2, 'equal'],
      [3, 'changed'],
    ]);
    expect(failed([300, 0, 200], [303, 0, 197]).map(([, verdict]) => verdict)).toEqual([
      'equal',
      'within',
      'equal',
      'within',
    ]);
  });

  it('are the same where what a fault governs differs by 2 %, and everything else by 30 %', () => {
    const [a, b] = [run({ p50_ms: 1_000 }, {}, GOVERNED), run({ p50_ms: 1_030 }, {}, GOVERNED)];
    expect(verdicts(a, b)['check stock p50']).toBe('changed');
    expect(verdicts(run({ p50_ms: 1_000 }), run({ p50_ms: 1_290 }))['check stock p50']).toBe('within');
    expect(verdicts(run({ p50_ms: 1_000 }), run({ p50_ms: 1_500 }))['check stock p50']).toBe('changed');
  });

  it('may differ by 10 ms, and by 30 ms in a step with a fault, where no fault governs', () => {
    const faulty = { faults: ['inventory: lock-queue'] };
    const of = (p50_ms: number, step = {}) => run({ p50_ms }, {}, step);
    const verdict = (a: number, b: number, step = {}) =>
      verdicts(of(a, step), of(b, step))['check stock p50'];
    expect([verdict(10, 20), verdict(10, 21)]).toEqual(['within', 'changed']);
    expect([verdict(10, 40, faulty), verdict(10, 41, faulty)]).toEqual(['within', 'changed']);
    const tail = (p95_ms: number) => run({ p95_ms }, {}, { ...GOVERNED, ...faulty });
    expect(verdicts(tail(326), tail(353))['check stock p95']).toBe('changed');
  });

  it('are not judged by percentiles of few journeys, or of those that chance has served', () => {
    const slower = { p50_ms: 5_000 };
    expect(verdicts(run({ sent: 49 }), run({ sent: 49, ...slower }))['check stock p50']).toBe('not judged');
    expect(verdicts(run({}), run({ unavailable: 11, ...slower }))['check stock p50']).toBe('not judged');
    const governed = verdicts(run({}, {}, GOVERNED), run({ unavailable: 11, ...slower }, {}, GOVERNED));
    expect(governed['check stock p50']).toBe('changed');
  });
});
