import { Case } from './case';
import type { Failure } from './failure';
import { FAILURES } from './failures';
import type { Features } from './features/features';
import type { Subject } from './sample';
import type { Signs } from './signs';

/** A failure that was found, and what proves it. */
export interface Found {
  failure: Failure;
  signs: Signs;
}

/**
 * What is wrong, concluded from two windows of measurements: what is observed now and, if known, what was observed at
 * rest. Several failures are found if each has signs that the ones before it do not explain; none if all is well.
 */
export function diagnose(now: Features, rest: Features | undefined, subject: Subject): Found[] {
  const found: Found[] = [];
  let seen = new Case(subject, now, rest);
  for (const failure of FAILURES) {
    const signs = failure.find(seen);
    if (!signs) continue;
    found.push({ failure, signs });
    if (signs.explains) seen = seen.without(signs.explains);
  }
  return found;
}
