import type { ServiceKey } from '@app/configuration';
import type { FailureName } from '@app/diagnosis';
import type { World } from './world';

/** What should be reported: a failure, or that all is well. */
export type Truth = FailureName | 'healthy';

/** One way in which a database fails, or does not; only the campaign knows the truth. */
export interface Trial {
  /** Its name on the command line; several trials may have the same truth. */
  name: string;
  truth: Truth;
  /** From weak to strong, in its own unit. */
  settings: readonly number[];
  /** The fault of the product that makes it, with its settings; without one, `start` makes it. */
  fault?: { name: string; settings(setting: number): object; at: readonly ServiceKey[] };
  /** Seconds that it lasts. */
  seconds?: number;
  /** Prepares what must be there before the rest. */
  prepare?(world: World, setting: number): Promise<unknown>;
  /** Resolves with what ends it, when it is on. */
  start?(world: World, setting: number): Promise<() => Promise<unknown>>;
}
