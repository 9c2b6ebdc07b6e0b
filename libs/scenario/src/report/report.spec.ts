import type { Run, StepRun } from '../run/run';
import { reportOf } from './report';

const OPERATION = {
  ...{ operation: 'check stock', sent: 399, ok: 399, conflict: 0, unavailable: 0, lock_timeout: 0 },
  ...{ gave_up: 0, failed: 0, tries: 399, late: 0, p50_ms: 4, p95_ms: 9, p99_ms: 12 },
} as StepRun['operations'][number];

const STEP: StepRun = {
  ...{
    at: 0,
    ended: 15,
    do: 'Normal load',
    say: 'An ordinary day.',
    look: 'The slots.',
    faults: [],
    governs: [],
  },
  ...{ answers: [], expect: [], operations: [OPERATION], dropped: 0, named: [] },
  most: { open: 3, waiting: 0, lock: 0 },
};

const RUN: Run = {
  format: 1,
  scenario: { title: 'A story', sentence: 'What happens.', remedy: 'End it.' } as Run['scenario'],
  ...{ seed: 7, began: '2026-11-30T10:00:00.000Z', how: 'finished', seconds: 15 },
  ...{ repeatable: true, not_repeatable_because: [], left_on: [], faults_lost: [] },
  ...{ steps: [STEP], checks: [], traces: [] },
};

const withFailures = (unavailable: number): Run => ({
  ...RUN,
  steps: [{ ...STEP, operations: [{ ...OPERATION, unavailable }] }],
});

const span = (service: string) => ({ name: 'GET', service, depth: 0, from: 0, ms: 1, failed: false });

/** The classes of colours in the legend of a trace with these services. */
function colors(...services: string[]): (string | undefined)[] {
  const traces = [{ title: 'one', trace_id: 'abc', spans: services.map(span) }];
  const text = reportOf({ ...RUN, traces }, []);
  return services.map((service) => new RegExp(`<i class="(\\w+)"></i>${service}<`).exec(text)?.[1]);
}

describe('the report of a run', () => {
  it('does not call a few failures none, nor many all', () => {
    expect(reportOf(withFailures(398), [])).toContain('398 (&gt;99 %)');
    expect(reportOf(withFailures(399), [])).toContain('399 (100 %)');
    expect(reportOf(withFailures(1), [])).toContain('1 (0.3 %)');
    expect(reportOf(withFailures(200), [])).toContain('200 (50 %)');
    expect(reportOf(withFailures(0), [])).toContain('0 (0 %)');
  });

  it('gives each service of a trace one colour, and the three of the demo always the same', () => {
    expect(colors('order-service', 'load-generator', 'product-service', 'inventory-service')).toEqual([
      's3',
      'c8',
      's1',
      's2',
    ]);
    expect(new Set(colors('load-generator', 'warehouse', 'billing')).size).toBe(3);
  });

  it('shows what a scenario says as text', () => {
    const scenario = { ...RUN.scenario, title: '<script>alert(1)</script>' };
    const text = reportOf({ ...RUN, scenario }, []);
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toContain('<script');
  });
});
