import type { CheckResult } from '@app/checks';
import type { Answer, ServiceKey } from '@app/service-client';

/** What a console has seen, now. */
export interface Observation {
  /** Connections of the budget, and what they do. */
  max: number;
  open: number;
  active: number;
  idle: number;
  held: number;
  lock: number;
  transaction: number;
  /** Requests that wait for a connection. */
  waiting: number;
  /** Open connections of each service. */
  services: Record<string, number>;
  /** Names that the diagnosis has, and its evidence for the first. */
  named: string[];
  evidence: string[];
  /** Faults that are on, as `service: fault`. */
  faults: string[];
  /** Sessions at work by what they wait for; `CPU` for nothing. */
  waits: Record<string, number>;
}

/** A running system that a scenario is played on. */
export interface Deployment {
  /** Undefined while the console is silent. */
  observe(): Observation | undefined;
  start(service: ServiceKey, fault: string, settings: object): Promise<Answer>;
  stop(service: ServiceKey, fault: string): Promise<Answer>;
  /** Ends every fault. @returns what could not be ended, in words */
  reset(): Promise<string[]>;
  check(id: string): Promise<CheckResult>;
}
