import type { Case } from './case';
import type { FailureName, Signs } from './signs';

/** A failure that can be told from the others: one file each. */
export interface Failure {
  name: FailureName;
  /** What to do, in a sentence or two. */
  advice: string;
  /** Evaluations in a row that must find it before it is named: more for figures that a busy machine moves too. */
  patience: number;
  find(seen: Case): Signs | undefined;
}
