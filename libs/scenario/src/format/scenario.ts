import type { OPERATIONS } from '@app/load';
import type { ServiceKey } from '@app/service-client';

type Operation = (typeof OPERATIONS)[number];

/** A fault on a service. */
interface FaultAt {
  fault: string;
  service: ServiceKey;
}

/** What changes in the load; times are written as in `500ms`. */
export interface LoadChange {
  /** Arrivals a second. */
  rate?: number;
  hot?: number | 'zipf';
  /** Null removes the limit. */
  give_up_ms?: number | null;
  retries?: number;
  backoff_ms?: number;
  retry_budget_percent?: number | null;
}

/** A step of a scenario: what is done, said and looked at, and what proves that its effect has come. */
export interface Step {
  /** Seconds from the beginning. */
  at: number;
  do: string;
  say: string;
  look: string;
  load?: LoadChange;
  start?: (FaultAt & { settings?: Record<string, number | string> })[];
  stop?: FaultAt[];
  /** The condition that holds when the effect has come. */
  until?: string;
  /** Operations whose percentiles the fault determines: two runs agree on them within 2 %. */
  governs?: Operation[];
  /** Conditions for the whole step, at its end. */
  expect?: string[];
}

/** An incident with a story. */
export interface Scenario {
  /** The name of its file. */
  name: string;
  title: string;
  sentence: string;
  incident?: { who: string; what: string; url: string };
  remedy: string;
  seed: number;
  /** How far apart the failures of two runs with one seed may be, if chance decides who is served. */
  failures_within_percent?: number;
  /** Seconds that it takes in total. */
  ends: number;
  steps: Step[];
}

/** Seconds until the step after this one. */
export function endOf({ steps, ends }: Scenario, index: number): number {
  return steps[index + 1]?.at ?? ends;
}
