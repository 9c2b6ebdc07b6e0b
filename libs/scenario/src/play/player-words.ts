import type { Behaviour } from '@app/load';
import type { LoadChange } from '../format/scenario';

/** What a scenario needs is not there, or not as it must be. */
export class ScenarioFailed extends Error {
  override readonly name = 'ScenarioFailed';
}

/** A person wanted its end. */
export class StoppedByHand extends Error {
  override readonly name = 'StoppedByHand';
}

/** Undefined leaves a setting as it is, null takes a limit away. */
export function changed(now: Behaviour, change: LoadChange): Behaviour {
  const { hot = now.hot, retries = now.retries, backoff_ms: backoffMs = now.backoffMs } = change;
  const { give_up_ms: giveUp, retry_budget_percent: percent } = change;
  return {
    hot,
    retries,
    backoffMs,
    giveUpMs: giveUp === undefined ? now.giveUpMs : (giveUp ?? undefined),
    retryBudget: percent === undefined ? now.retryBudget : percent === null ? undefined : percent / 100,
  };
}
