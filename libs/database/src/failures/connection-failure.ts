/** Why no connection could be acquired. */
export type ConnectionFailureReason =
  | 'pool_timeout'
  | 'queue_full'
  | 'unreachable'
  | 'name_lookup'
  | 'caller_gone';

/** No connection within the deadline, or no room in the queue to wait for one: the caller may try again. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  /** Seconds after which another try makes sense, for `Retry-After`. */
  readonly retryAfterSeconds = 1;

  constructor(
    readonly reason: ConnectionFailureReason,
    /** Milliseconds this caller waited. */
    readonly waitedMs: number,
    cause?: unknown,
  ) {
    super(`no database connection after ${Math.round(waitedMs)} ms: ${reason}`, { cause });
  }
}
