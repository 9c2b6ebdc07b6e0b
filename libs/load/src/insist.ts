import { setTimeout } from 'node:timers/promises';
import type { Targets } from '@app/service-client';
import type { Behaviour } from './behaviour';
import type { Step } from './journeys';
import type { Random } from './random';
import type { RetryBudget } from './retry-budget';
import { type Sent, sendStep, type TraceParent } from './send-step';

/** A user who wants to send a request. */
export interface User {
  behaviour: Behaviour;
  /** Random numbers for the pauses; each user has its own, so that they do not depend on what happens to the others. */
  random: Random;
  /** Shared by all users. */
  budget: RetryBudget;
}

/** Sends a request until it succeeds, fails for good or the user gives up. Each attempt is measured. Never rejects. */
export async function insist(
  step: Step,
  targets: Targets,
  parent: TraceParent,
  { behaviour, random, budget }: User,
): Promise<Sent[]> {
  const { retries, backoffMs, giveUpMs, retryBudget } = behaviour;
  // The key is the same for each attempt, so that a change whose answer was lost is not made twice.
  const key = retries > 0 && step.method === 'POST' ? crypto.randomUUID() : undefined;
  if (retryBudget !== undefined) budget.firstTry(retryBudget);
  const tries: Sent[] = [];
  for (let resent = 0; resent <= retries; resent++) {
    const sent = await sendStep(step, targets, parent, { giveUpMs, key, resent });
    tries.push(sent);
    const again = resent < retries && isWorthAnother(sent.status);
    if (!again || (retryBudget !== undefined && !budget.take())) break;
    if (backoffMs > 0) await setTimeout(random.next() * backoffMs * 2 ** resent);
  }
  return tries;
}

/** Failures that may not happen again: no answer, too many requests, a failure of the server. */
function isWorthAnother(status: number): boolean {
  return status === 0 || status === 429 || status >= 500;
}
