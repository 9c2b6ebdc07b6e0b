import type { ServiceClient } from '@app/service-client';
import type { Observed } from './observed';

/** The system that a check examines. */
export interface CheckedSystem {
  services: ServiceClient;
  /** What a console has observed of the services; undefined if there is no console. */
  observed(): Promise<Observed | undefined>;
  /** Milliseconds to wait for spans that are still on their way. */
  patienceMs: number;
}

/** The outcome with the evidence for it, as a sentence. */
export interface Verdict {
  state: 'passed' | 'failed' | 'skipped';
  evidence: string;
}

/** One criterion. */
export interface Check {
  id: string;
  title: string;
  /** Whether it writes data or makes the services slow: such a check runs only on request. */
  disturbs: boolean;
  run(system: CheckedSystem): Promise<Verdict>;
}

export interface CheckResult extends Verdict {
  id: string;
  title: string;
  /** How long it took. */
  ms: number;
}

/** Runs one check; an error in it becomes its evidence. */
export async function runCheck({ id, title, run }: Check, system: CheckedSystem): Promise<CheckResult> {
  const started = performance.now();
  const verdict = await run(system).catch((error: Error): Verdict => failed(error.message));
  return { id, title, ...verdict, ms: Math.round(performance.now() - started) };
}

export function passed(evidence: string): Verdict {
  return { state: 'passed', evidence };
}

export function failed(evidence: string): Verdict {
  return { state: 'failed', evidence };
}
