import type { StepRun } from '../run/run';
import type { Observation } from './deployment';
import { figureOfNow, hasFailed } from './figures-of';
import type { Stage } from './stage';

/** Seconds of the load that `recent()` covers. */
const RECENT_S = 3;

/** Hands one sample to the stage, `t` seconds into the timeline, and keeps what the step has seen at the most. */
export function takeSample({ load, sample }: Stage, observed: Observation, t: number, step?: StepRun): void {
  const recent = load.recent();
  const now = (name: string) => figureOfNow(name, undefined, observed, recent) ?? null;
  sample({
    ...observed,
    t,
    ended_per_second: recent.length / RECENT_S,
    failed_per_second: recent.filter(hasFailed).length / RECENT_S,
    tries_per_journey: now('tries_per_journey') ?? 1,
    p50_ms: now('p50_ms'),
    p95_ms: now('p95_ms'),
  });
  if (!step) return;
  step.named = [...new Set([...step.named, ...observed.named])];
  step.most.open = Math.max(step.most.open, observed.open);
  step.most.waiting = Math.max(step.most.waiting, observed.waiting);
  step.most.lock = Math.max(step.most.lock, observed.lock);
}
