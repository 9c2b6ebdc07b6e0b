import type { BudgetView } from '@app/database';
import type { Type } from '@nestjs/common';

/** What was asked of a fault, as the state table has it. */
export interface Declaration<Settings extends object = object> {
  fault: string;
  /** With the process that holds it, where only one may. */
  settings: Settings & { holder?: string };
  started_at: Date;
  /** Milliseconds left, by the clock of PostgreSQL. */
  expires_in_ms: number;
}

/** What a fault acts on: the list of them is in these parts, in this order. */
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
 * decides by itself whether it is on: it is told what is declared, and brings its effect in line with it, on this
 * process.
 */
export abstract class Fault<Settings extends object = object> {
  /** Its name in routes, in the state table, in the status and in logs. */
  abstract readonly name: string;
  /** Two or three words, for a button. */
  abstract readonly title: string;
  /** Where it belongs: connections, locks, statements, the way to the server, other programs, or how many come. */
  abstract readonly kind: FaultKind;
  /** One sentence: what it does. */
  abstract readonly summary: string;
  /** The class of its settings, with bounds and defaults. */
  abstract readonly settings: Type<Settings>;
  /**
   * Settings that differ from the defaults in a short demonstration: the example of the documentation, and what
   * `npm run verify` asks for.
   */
  readonly example: object = {};
  /** Whose it is: the service that is asked, or the database, of which one process at a time may disturb all. */
  readonly actsOn: 'service' | 'database' = 'service';
  /** Whether `npm run verify` switches it on without being told to. */
  readonly routine: boolean = false;

  /** Why it cannot be had on this deployment, naming the right that is missing; undefined where it can. */
  async unavailable(): Promise<string | undefined> {
    return undefined;
  }

  /**
   * What to write into the state table. The process that holds the fault is chosen here, where there is one.
   * @throws Problem when this cannot be had now
   */
  async declare(asked: Settings): Promise<Declaration<Settings>['settings']> {
    return asked;
  }

  /**
   * Takes what is declared, or gives everything back when nothing is. Called again at every change, after a lost
   * control connection, at the end of the TTL and before the process stops; the same declaration twice does no harm.
   * Resolves with false when it cannot be: then it is withdrawn.
   */
  abstract apply(declaration: Declaration<Settings> | undefined): Promise<boolean>;

  /** What the fault does on this service right now. */
  abstract effect(declaration: Declaration<Settings>): FaultEffect;

  /**
   * Waits for the proof that what is declared has come about, or that nothing is left of it when nothing is declared.
   * Gives up by itself: a proof is worth seconds of a caller's time, not more.
   */
  async proven(_declaration: Declaration<Settings> | undefined, _wanted: () => boolean): Promise<void> {}

  /** Looks at each new view of the budget while the fault is declared. True: it must be withdrawn. */
  watch(_declaration: Declaration<Settings>, _view: BudgetView): boolean {
    return false;
  }
}
