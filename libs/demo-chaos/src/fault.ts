import type { BudgetView } from '@app/database';
import type { Type } from '@nestjs/common';

/** What was asked of a fault, as the state table stores it. */
export interface Declaration<Settings extends object = object> {
  fault: string;
  /** Includes the process that holds the fault, if only one may hold it. */
  settings: Settings & { holder?: string };
  started_at: Date;
  /** Milliseconds left, by the clock of PostgreSQL. */
  expires_in_ms: number;
}

/** What a fault acts on. The list of faults has these sections, in this order. */
export const FAULT_KINDS = ['pool', 'lock', 'query', 'path', 'strangers', 'load'] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** What was asked and what was measured, side by side. */
export interface FaultEffect {
  asked: Record<string, unknown>;
  /** Undefined until something was measured. */
  measured?: Record<string, unknown>;
  /** Undefined until something was measured. */
  effective?: boolean;
  /** The same as a sentence. */
  detail: string;
}

/**
 * A fault is one folder: this class, its settings, and a line in FAULTS. It takes something and gives it back. It never
 * decides by itself whether it is on: it gets what is declared, and makes its effect on this process match.
 */
export abstract class Fault<Settings extends object = object> {
  /** Its name in routes, in the state table, in the status and in logs. */
  abstract readonly name: string;
  /** Two or three words, for a button. */
  abstract readonly title: string;
  /** Its section in the list: connections, locks, statements, network, other programs, or the number of requests. */
  abstract readonly kind: FaultKind;
  /** One sentence: what it does. */
  abstract readonly summary: string;
  /** The class of its settings, with bounds and defaults. */
  abstract readonly settings: Type<Settings>;
  /**
   * Settings that differ from the defaults in a short demonstration: the documentation shows them as its example, and
   * `npm run verify` uses them.
   */
  readonly example: object = {};
  /** What it acts on: the service that gets the request, or the database, where one process at a time may disturb all. */
  readonly actsOn: 'service' | 'database' = 'service';
  /** Whether `npm run verify` switches it on by default. */
  readonly routine: boolean = false;

  /** Why it is not available in this deployment, naming the right that is missing; undefined if it is available. */
  async unavailable(): Promise<string | undefined> {
    return undefined;
  }

  /**
   * Returns what to write into the state table. A fault that one process holds chooses that process here.
   * @throws Problem when this is not possible right now
   */
  async declare(asked: Settings): Promise<Declaration<Settings>['settings']> {
    return asked;
  }

  /**
   * Takes what is declared, or gives everything back if nothing is declared. Called again at every change, after a lost
   * control connection, at the end of the TTL and before the process stops; applying the same declaration twice does no
   * harm. Resolves with false if the fault is impossible: it is then withdrawn.
   */
  abstract apply(declaration: Declaration<Settings> | undefined): Promise<boolean>;

  /** What the fault does on this service right now. */
  abstract effect(declaration: Declaration<Settings>): FaultEffect;

  /**
   * Waits for the proof that what is declared has taken effect, or that nothing is left of it if nothing is declared.
   * Gives up by itself: a proof is worth seconds of a caller's time, not more.
   */
  async proven(_declaration: Declaration<Settings> | undefined, _wanted: () => boolean): Promise<void> {}

  /** Checks each new view of the budget while the fault is declared. Returns true if the fault must be withdrawn. */
  watch(_declaration: Declaration<Settings>, _view: BudgetView): boolean {
    return false;
  }
}
