/** What was asked of a fault, as the state table has it. */
export interface Declaration {
  fault: string;
  settings: Record<string, unknown>;
  started_at: Date;
  /** Milliseconds left, by the clock of PostgreSQL. */
  expires_in_ms: number;
}

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
 * A fault is one file that takes something and gives it back. It never decides by itself whether it is on: it is
 * told what is declared, and brings its effect in line with it, on this process.
 */
export abstract class Fault {
  /** Its name in the state table, in the status and in logs. */
  abstract readonly name: string;

  /**
   * Takes what is declared, or lets go of everything when nothing is. Called again at every change, after a lost
   * control connection, at the end of the TTL and before the process stops; the same declaration twice does no harm.
   * Resolves with false when it cannot be: then it is withdrawn.
   */
  abstract apply(declaration: Declaration | undefined): Promise<boolean>;

  /** What the fault does on this service right now. */
  abstract effect(declaration: Declaration): FaultEffect;
}
