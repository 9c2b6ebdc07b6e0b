import type { Sample, StepRun } from '../run/run';
import type { Clock } from './clock';
import type { Deployment } from './deployment';
import type { PlayedLoad } from './played-load';

/** Milliseconds between two samples of what the deployment shows. */
export const SAMPLE_EVERY_MS = 500;

/** Lets a person decide when a step is over, in place of the clock. */
export interface Hand {
  next(signal: AbortSignal): Promise<void>;
}

/** Where a scenario is played, and who is told of it. */
export interface Stage {
  deployment: Deployment;
  load: PlayedLoad;
  clock: Clock;
  hand?: Hand;
  /** The story, line by line; undefined seconds before the timeline begins. */
  tell(line: string, seconds?: number): void;
  /** Each step as it begins and whenever something of it is proven. */
  step?(index: number, step: StepRun): void;
  sample(sample: Sample): void;
}
