import type { CheckResult } from '@app/checks';
import type { OperationFigures } from '@app/load';
import type { Scenario } from '../format/scenario';
import type { Observation } from '../play/deployment';

/** A condition and its result. */
export interface Proof {
  condition: string;
  holds: boolean;
  /** Seconds after which it held. */
  after?: number;
  evidence: string;
}

/** A step as it was played. Seconds count from the beginning of the run. */
export interface StepRun {
  at: number;
  ended: number;
  do: string;
  say: string;
  look: string;
  /** Faults that were on, as `service: fault`. */
  faults: string[];
  governs: string[];
  /** The answers of the services to it. */
  answers: string[];
  until?: Proof;
  expect: Proof[];
  /** Journeys that were due in it. */
  operations: OperationFigures[];
  dropped: number;
  most: { open: number; waiting: number; lock: number };
  /** Names that the diagnosis reported in it. */
  named: string[];
}

/** One moment of a run. */
export interface Sample extends Observation {
  /** Seconds. */
  t: number;
  /** Journeys of the last seconds: how many ended each second, how many of these failed, and percentiles. */
  ended_per_second: number;
  failed_per_second: number;
  tries_per_journey: number;
  p50_ms: number | null;
  p95_ms: number | null;
}

/** A span of a trace that was kept. Milliseconds from the start of its trace. */
export interface KeptSpan {
  name: string;
  service: string;
  depth: number;
  from: number;
  ms: number;
  failed: boolean;
}

/** What is kept of a run besides its samples. */
export interface Run {
  format: 1;
  scenario: Omit<Scenario, 'seed' | 'steps'>;
  seed: number;
  /** ISO 8601. */
  began: string;
  /** `finished`; `stopped`, by a person; `failed`, see `because`; `unfinished`, still played, or its process was killed. */
  how: 'finished' | 'stopped' | 'failed' | 'unfinished';
  because?: string;
  /** Seconds. */
  seconds: number;
  /** Whether another run with this seed may be compared with it; the reasons if not. */
  repeatable: boolean;
  not_repeatable_because: string[];
  /** What was still on at its end; empty if everything was reset. */
  left_on: string[];
  /** Faults that ended although no step ended them, a sentence for each. */
  faults_lost: string[];
  steps: StepRun[];
  checks: CheckResult[];
  traces: { title: string; trace_id: string; spans: KeptSpan[] }[];
}

/** What the player knows of a run; checks and traces are asked for at its end. */
export type PlayedRun = Omit<Run, 'checks' | 'traces' | 'began'>;

/** Journeys that failed: all except those that succeeded or found a product out of stock. */
export function failures({ unavailable, lock_timeout, gave_up, failed }: OperationFigures): number {
  return unavailable + lock_timeout + gave_up + failed;
}

/** Whether the run ended as it should, with all its proofs, and its faults were on for as long as they should. */
export function isGreen({ how, steps, left_on, faults_lost }: Run): boolean {
  const proofs = steps.flatMap(({ until, expect }) => [...(until ? [until] : []), ...expect]);
  return (
    how === 'finished' && left_on.length + faults_lost.length === 0 && proofs.every(({ holds }) => holds)
  );
}
