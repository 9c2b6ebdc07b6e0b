import type { Proof, Scenario } from '@app/scenario';
import type { Performance } from './performance';

/** The scenario that is played, as the page presents it: its current step, and what comes next. */
export interface Story extends Omit<Performance, 'seed' | 'steps'> {
  /** Steps that have begun; 0 while the system is not at rest yet. */
  step: number;
  of: number;
  do?: string;
  say?: string;
  look?: string;
  /** What proves that the step has taken effect: what is waited for, and, once that is decided, what was seen. */
  until?: string;
  proof?: Proof;
  /** What the next step does; undefined in the last one. */
  next?: string;
  /** What did not happen as it should, known when all is over. */
  missed: string[];
}

export function storyOf(
  { seed: _, steps, ...performance }: Performance,
  { steps: planned }: Scenario,
): Story {
  const current = steps.at(-1);
  const missed = steps.flatMap(({ expect }) => expect).filter(({ holds }) => !holds);
  return {
    ...performance,
    ...{ step: steps.length, of: planned.length },
    ...{ do: current?.do, say: current?.say, look: current?.look },
    ...{ until: planned[steps.length - 1]?.until, proof: current?.until },
    next: planned[steps.length]?.do,
    missed: missed.map(({ condition, evidence }) => `${condition}: ${evidence}`),
  };
}
