/** What this process knows better of a statement than the error it ended with. */
export type StatementFailureReason = 'caller_gone' | 'outcome_unknown';

/** A statement was sent, and its answer is not what matters, or never came. */
export class StatementFailure extends Error {
  override readonly name = 'StatementFailure';

  constructor(
    readonly reason: StatementFailureReason,
    /** What the statement ended with. */
    cause: unknown,
  ) {
    super(`a statement ended: ${reason}`, { cause });
  }
}
