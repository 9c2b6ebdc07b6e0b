import { CAUSES, type Cause, type CauseName, causeOfState } from './causes';
import { ConnectionFailure } from './connection-failure';
import { errorCode, sqlstate } from './sqlstate';
import { StatementFailure } from './statement-failure';

/** pg tells of what it finds out by itself by a message alone, in this order of precedence. */
const TOLD_BY_MESSAGE: readonly (readonly [RegExp, CauseName])[] = [
  [/^Query read timeout/, 'statement_limit'],
  [/^(timeout e|Connection terminated due to connection timeout)/, 'unreachable'],
  [
    /^(Connection terminated|Client has encountered|Client was closed|Received unexpected)/,
    'connection_lost',
  ],
  [/^(The server does not support SSL|There was an error establishing an SSL)/, 'tls_failed'],
  // An empty password, or a server that cannot prove that it knows the password.
  [/^SASL: /, 'password_refused'],
];

/** Codes of OpenSSL for a certificate that does not pass, and Node's own for TLS. */
const TLS = /^(ERR_(TLS|SSL)_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA)/;
const SYSTEM = /^(E(?!RR_)[A-Z0-9_]+|UNKNOWN)$/;
/** System calls before there is a connection, and what it means when they fail. */
const CONNECTING: Record<string, CauseName> = { connect: 'unreachable', getaddrinfo: 'name_lookup' };

/** The name of the cause of an error that `Database` or the control connection threw; undefined if it is none of theirs. */
export function causeName(error: unknown): CauseName | undefined {
  if (error instanceof ConnectionFailure || error instanceof StatementFailure) return error.reason;
  if (!(error instanceof Error)) return undefined;
  const state = sqlstate(error);
  if (state) return isOtherFeature(state, error) ? 'unexpected' : causeOfState(state);
  const code = errorCode(error) ?? '';
  if (TLS.test(code)) return 'tls_failed';
  const told = TOLD_BY_MESSAGE.find(([message]) => message.test(error.message));
  if (told) return told[1];
  if (!SYSTEM.test(code)) return undefined;
  return CONNECTING[String((error as NodeJS.ErrnoException).syscall)] ?? 'connection_lost';
}

/** The same as its row of the table. */
export function causeOf(error: unknown): Cause | undefined {
  const name = causeName(error);
  return name && CAUSES[name];
}

/** The SQLSTATE with which a statement or an attempt to connect ended; undefined where PostgreSQL did not answer. */
export function answeredState(error: unknown): string | undefined {
  return sqlstate(error) ?? (error instanceof StatementFailure ? sqlstate(error.cause) : undefined);
}

/** `error.type` of spans and metrics: the SQLSTATE, else the name of the cause, else the class of the error. */
export function errorType(error: unknown): string {
  const told = sqlstate(error) ?? causeName(error);
  return told ?? (error instanceof Error ? error.constructor.name : '_OTHER');
}

/** Whether waiting can help when a connection was refused. What nobody knows is waited for too. */
export function isPassing(error: unknown): boolean {
  return causeOf(error)?.passes ?? causeName(error) === undefined;
}

/** Whether a connection is of no more use after this error. */
export function breaksConnection(error: unknown): boolean {
  return causeOf(error)?.session !== 'kept';
}

/** 0A000 is said of any feature that is not supported; only this function says it of a plan that has become wrong. */
function isOtherFeature(state: string, error: Error): boolean {
  return state === '0A000' && (error as { routine?: string }).routine !== 'RevalidateCachedQuery';
}
