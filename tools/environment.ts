/**
 * Reads environment variables and collects what is wrong with them, so that all of it is told at once.
 * An empty variable counts as not set.
 */
export class Environment {
  private readonly problems = new Set<string>();

  constructor(private readonly variables: NodeJS.ProcessEnv = process.env) {}

  has(name: string): boolean {
    return Boolean(this.variables[name]);
  }

  /** The value, else `fallback`; without a fallback the variable must be set. */
  text(name: string, fallback?: string): string {
    const value = this.variables[name] || fallback;
    if (value === undefined) this.problems.add(`${name} is not set`);
    return value ?? '';
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const value = this.variables[name] || String(fallback);
    if (/^\d+$/.test(value) && Number(value) >= min && Number(value) <= max) return Number(value);
    this.problems.add(`${name} is ${JSON.stringify(value)}, it must be a whole number from ${min} to ${max}`);
    return fallback;
  }

  port(name: string, fallback: number): number {
    return this.integer(name, fallback, 1, 65_535);
  }

  /** One of `choices`; the first when not set. */
  choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.variables[name] || choices[0];
    const choice = choices.find((candidate) => candidate === value);
    if (!choice)
      this.problems.add(`${name} is ${JSON.stringify(value)}, it must be one of ${choices.join(', ')}`);
    return choice ?? choices[0];
  }

  /** @throws naming every variable that is missing or wrong */
  check(): void {
    if (this.problems.size === 0) return;
    throw new Error(`These environment variables are not usable:\n  ${[...this.problems].join('\n  ')}`);
  }
}
