import { inBackground } from '@app/telemetry';
import { Injectable } from '@nestjs/common';
import type { Declaration, Fault } from './fault';
import { FaultList } from './fault-list';

interface InForce {
  declaration: Declaration;
  /** On the clock of `performance.now()`. */
  endsAt: number;
  timer: NodeJS.Timeout;
}

/** What is in force in this process, by name of the fault, and until when. */
@Injectable()
export class FaultsInForce {
  private readonly current = new Map<string, InForce>();

  constructor(private readonly faults: FaultList) {}

  get any(): boolean {
    return this.current.size > 0;
  }

  has(name: string): boolean {
    return this.current.has(name);
  }

  declarationOf(name: string): Declaration | undefined {
    return this.current.get(name)?.declaration;
  }

  /** Puts a fault in force; `expired` is called when its time is over, whether PostgreSQL can be reached or not. */
  set(name: string, declaration: Declaration, expired: () => void): void {
    clearTimeout(this.current.get(name)?.timer);
    const timer = inBackground(() => setTimeout(expired, declaration.expires_in_ms));
    this.current.set(name, { declaration, endsAt: performance.now() + declaration.expires_in_ms, timer });
  }

  delete(name: string): void {
    clearTimeout(this.current.get(name)?.timer);
    this.current.delete(name);
  }

  /** Each fault, on or off, with what was asked and what was measured. */
  status() {
    return this.faults.all.map((fault) => this.statusOf(fault));
  }

  statusOf(fault: Fault) {
    const current = this.current.get(fault.name);
    if (!current) return { fault: fault.name, enabled: false };
    const { declaration, endsAt } = current;
    return {
      fault: fault.name,
      enabled: true,
      ...fault.effect(declaration),
      started_at: declaration.started_at,
      expires_in_seconds: Math.max(0, Math.round((endsAt - performance.now()) / 1_000)),
    };
  }
}
