/** What this process knows about a statement better than the error with which it ended. */
export type StatementFailureReason = 'caller_gone' | 'outcome_unknown';

/** A statement was sent, and its answer does not matter or never came. */
export class StatementFailure extends Error {
  override readonly name = 'StatementFailure';

  constructor(
    readonly reason: StatementFailureReason,
    /** The error with which the statement ended. */
    cause: unknown,
  ) {
    super(`a statement ended: ${reason}`, { cause });
  }
}
