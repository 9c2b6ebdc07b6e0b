import type { Run, StepRun } from '@app/scenario';

/** The scenario that is played, or was played last. */
export interface Performance {
  name: string;
  title: string;
  seed: number;
  /** `hand`: a person says when a step is over; `clock`: the timeline does. */
  pace: 'hand' | 'clock';
  state: 'playing' | Run['how'];
  because?: string;
  /** Whether everything came as it should; undefined while it is played. */
  green?: boolean;
  /** Steps that have begun; the last is the one that is on. */
  steps: StepRun[];
  /** Whether the step is proven and waits for a person. */
  waits_for_next: boolean;
  /** Its folder, by name; undefined while it is played. */
  run?: string;
}
