import type { Waiting } from '@app/observer';

/** A session that others wait for, with those others. */
export interface Blocker {
  pid: number;
  /** What it waits for itself; undefined at the root. */
  waits_for?: { lock: string; mode: string; relation: string };
  /** The sessions that wait for it. Each appears once: one that waits for several is listed under the first of them. */
  blocks: Blocker[];
  /** Set if it waits, through others, for itself: PostgreSQL ends one of the circle after deadlock_timeout. */
  deadlock?: true;
}

/** Which session waits for which, as trees: all sessions of a tree wait for the one at its root. */
export function blockerTrees(waiting: readonly Waiting[]): Blocker[] {
  const ofPid = new Map(waiting.map((one) => [one.pid, one]));
  const placed = new Set<number>();
  const tree = (pid: number): Blocker => {
    placed.add(pid);
    const { lock, mode, relation } = ofPid.get(pid) ?? {};
    const blocks: Blocker[] = [];
    for (const { pid: waiter, blocked_by } of waiting)
      if (blocked_by[0] === pid && !placed.has(waiter)) blocks.push(tree(waiter));
    return { pid, ...(lock && { waits_for: { lock, mode: mode ?? '', relation: relation ?? '' } }), blocks };
  };
  const blockers = [...new Set(waiting.flatMap(({ blocked_by }) => blocked_by.slice(0, 1)))];
  const roots = blockers.filter((pid) => !ofPid.has(pid)).map(tree);
  // The rest wait in a circle, which has no natural beginning.
  const circles = waiting.flatMap(({ pid }) =>
    placed.has(pid) ? [] : [{ ...tree(pid), deadlock: true as const }],
  );
  return [...roots, ...circles];
}
