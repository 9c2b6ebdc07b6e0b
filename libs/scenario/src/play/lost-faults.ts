/** Milliseconds without a report after which a fault counts as lost: a database that restarts hides it for some seconds. */
const LOST_AFTER_MS = 10_000;

/** Notices faults that end although no step ends them: their process was killed, or somebody has reset them. */
export class LostFaults {
  private readonly reportedAt = new Map<string, number>();
  private readonly lost = new Map<string, string>();

  /** A sentence for each. */
  get all(): string[] {
    return [...this.lost.values()];
  }

  /**
   * @param on the faults that steps have started, as `service: fault`
   * @param reported those that are reported, in the same form; one of the whole database may be another service's
   * @param now milliseconds
   * @param origin when the timeline began
   * @returns the sentences about those that were found to be lost just now
   */
  observe(
    on: ReadonlySet<string>,
    reported: readonly string[],
    { now, origin }: { now: number; origin: number },
  ): string[] {
    const names = new Set(reported.map(faultOf));
    for (const one of this.reportedAt.keys()) if (!on.has(one)) this.reportedAt.delete(one);
    const found: string[] = [];
    for (const one of on) {
      if (names.has(faultOf(one))) this.reportedAt.set(one, now);
      const last = this.reportedAt.get(one);
      if (last === undefined || now - last < LOST_AFTER_MS || this.lost.has(one)) continue;
      const sentence = `${one} was not on any more after ${((last - origin) / 1_000).toFixed(0)} s, and no step had ended it`;
      this.lost.set(one, sentence);
      found.push(sentence);
    }
    return found;
  }
}

function faultOf(one: string): string {
  return one.slice(one.indexOf(': ') + 2);
}
