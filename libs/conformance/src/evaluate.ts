import type { Reader } from './readers/readers';
import type { Received } from './received';
import { LEVELS, type Level, type Rule } from './rule';
import { RULES } from './rules';

/** The result of one rule. */
export interface Verdict extends Omit<Rule, 'check'> {
  /** Number of things to which the rule applied; if it is 0, the result means nothing. */
  checked: number;
  /** How many of them broke it. */
  broken: number;
  /** How the first of each kind broke it, at most three. */
  examples: string[];
}

export interface Asked {
  readers?: readonly Reader[];
  /** Rules of this level and above. */
  level?: Level;
}

/** Checks what was received against every requested rule. */
export function evaluate(received: Received, { readers, level = 'opt-in' }: Asked = {}): Verdict[] {
  const levels = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
  return RULES.filter(
    (rule) => levels.includes(rule.level) && (!readers || readers.includes(rule.reader)),
  ).map(({ check, ...rule }) => {
    const { checked, faults } = check(received);
    const examples = [...new Set(faults.map(({ subject, what }) => `${subject}: ${what}`))].slice(0, 3);
    return { ...rule, checked, broken: faults.length, examples };
  });
}

/** Whether all is well: nothing that is required is broken, and there was something to check for each reader. */
export function passed(verdicts: readonly Verdict[]): boolean {
  return failed(verdicts).length === 0 && unseen(verdicts).length === 0;
}

/** The required rules that are broken. */
export const failed = (verdicts: readonly Verdict[]) =>
  verdicts.filter(({ level, broken }) => level === 'required' && broken > 0);

/** Readers for which nothing was received to which any rule applies. */
export function unseen(verdicts: readonly Verdict[]): Reader[] {
  const all = new Set(verdicts.map(({ reader }) => reader));
  for (const { reader, checked } of verdicts) if (checked > 0) all.delete(reader);
  return [...all];
}
