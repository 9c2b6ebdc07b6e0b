import type { Case } from './case';
import type { FailureName, Signs } from './signs';

/** A failure that can be distinguished from the others. Each has one file. */
export interface Failure {
  name: FailureName;
  /** What to do, in a sentence or two. */
  advice: string;
  /** Consecutive evaluations that must find it before it is named: more for numbers that a busy machine changes too. */
  patience: number;
  find(seen: Case): Signs | undefined;
}
