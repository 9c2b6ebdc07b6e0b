import type { Connection } from './activity';
import type { Slot } from './budget-view';

/** Gives each connection a slot that it keeps: a square on the page is one connection, not a share of a bar. */
export class Slots {
  private readonly slotOf = new Map<number, number>();

  assign(connections: readonly Connection[]): Slot[] {
    const alive = new Set(connections.map(({ pid }) => pid));
    for (const pid of this.slotOf.keys()) if (!alive.has(pid)) this.slotOf.delete(pid);
    const taken = new Set(this.slotOf.values());
    let next = 0;
    for (const { pid } of connections) {
      if (this.slotOf.has(pid)) continue;
      while (taken.has(next)) next += 1;
      taken.add(next);
      this.slotOf.set(pid, next);
    }
    return connections
      .map((connection) => ({ slot: this.slotOf.get(connection.pid) as number, ...connection }))
      .sort((a, b) => a.slot - b.slot);
  }
}
