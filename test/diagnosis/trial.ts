import type { ServiceKey } from '@app/configuration';
import type { FailureName } from '@app/diagnosis';
import type { World } from './world';

/** What is to be told: a failure, or that all is well. */
export type Truth = FailureName | 'healthy';

/** One way in which a database fails, or does not; the truth is known to the campaign alone. */
export interface Trial {
  /** As on the command line; several trials may have the same truth. */
  name: string;
  truth: Truth;
  /** From weak to strong, in its own unit. */
  settings: readonly number[];
  /** The fault of the product that makes it, with its settings; without one, `start` makes it. */
  fault?: { name: string; settings(setting: number): object; at: readonly ServiceKey[] };
  /** Seconds that it lasts. */
  seconds?: number;
  /** What has to be there before the rest. */
  prepare?(world: World, setting: number): Promise<unknown>;
  /** Resolves when it is on, with what ends it. */
  start?(world: World, setting: number): Promise<() => Promise<unknown>>;
}
