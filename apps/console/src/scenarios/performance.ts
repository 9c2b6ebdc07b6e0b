import type { Run, StepRun } from '@app/scenario';

/** The scenario that is being played, or was played last. */
export interface Performance {
  name: string;
  title: string;
  seed: number;
  /** `hand`: a person decides when a step is over; `clock`: the timeline does. */
  pace: 'hand' | 'clock';
  state: 'playing' | Run['how'];
  because?: string;
  /** Whether everything happened as it should; undefined while it is played. */
  green?: boolean;
  /** Steps that have begun; the last one is the current step. */
  steps: StepRun[];
  /** Whether the step is proven and waits for a person. */
  waits_for_next: boolean;
  /** Name of its folder; undefined while it is played. */
  run?: string;
}
