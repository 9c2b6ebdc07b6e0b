import type { FaultState } from '@app/service-client';
import { Injectable } from '@nestjs/common';
import { DatabaseWatch } from '../database-watch/database-watch';
import { DiagnosisWatch } from '../diagnosis/diagnosis-watch';
import { ServiceWatch } from '../services/service-watch';

const KEPT_MS = 15 * 60_000;
const MOST = 200;

/** Something that began, and may have ended: a fault on a service, or a cause that the diagnosis names. */
export interface Band {
  kind: 'fault' | 'finding';
  title: string;
  /** Only for a fault. */
  service?: string;
  /** Unix milliseconds. */
  from: number;
  /** Undefined while it goes on. */
  to?: number;
}

/** What is the case now, by a name that is the same in each observation. */
type Current = Map<string, Omit<Band, 'to'>>;

/** What began and ended in the last quarter of an hour, in the order of its beginning. */
@Injectable()
export class EventLog {
  private readonly all = new Map<string, Band>();
  private readonly open = new Map<string, Band>();

  constructor(
    watch: DatabaseWatch,
    private readonly services: ServiceWatch,
    private readonly diagnosis: DiagnosisWatch,
  ) {
    watch.onObservation(({ at }) => this.take(this.current(at), at));
  }

  get bands(): Band[] {
    return [...this.all.values()].sort((a, b) => a.from - b.from);
  }

  /** Compares the present state with the previous one. */
  take(current: Current, at: number): void {
    for (const [name, band] of current) {
      if (this.open.has(name)) continue;
      const begun = { ...band };
      this.open.set(name, begun);
      this.all.set(`${name} ${begun.from}`, begun);
    }
    for (const [name, band] of this.open) {
      if (current.has(name)) continue;
      band.to = at;
      this.open.delete(name);
    }
    for (const [name, { to }] of this.all)
      if ((to !== undefined && at - to > KEPT_MS) || this.all.size > MOST) this.all.delete(name);
  }

  private current(at: number): Current {
    const current: Current = new Map();
    for (const { service, up, faults } of this.services.states)
      for (const fault of faults) {
        // A service that does not answer has reported nothing new.
        if (up && fault.enabled) current.set(`${service} ${fault.fault}`, this.ofFault(service, fault, at));
      }
    for (const { name, title, since } of this.diagnosis.diagnosis.findings)
      current.set(name, { kind: 'finding', title, from: Date.parse(since) });
    return current;
  }

  private ofFault(service: string, { fault, started_at }: FaultState, at: number): Omit<Band, 'to'> {
    const title = this.services.faults.find(({ name }) => name === fault)?.title ?? fault;
    return { kind: 'fault', title, service, from: started_at ? Date.parse(started_at) : at };
  }
}
