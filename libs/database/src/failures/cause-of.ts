import { CAUSES, type Cause, type CauseName, causeOfState } from './causes';
import { ConnectionFailure } from './connection-failure';
import { errorCode, sqlstate } from './sqlstate';
import { StatementFailure } from './statement-failure';

/** What pg detects by itself has only a message; the first pattern that matches wins. */
const KNOWN_MESSAGES: readonly (readonly [RegExp, CauseName])[] = [
  [/^Query read timeout/, 'statement_limit'],
  [/^(timeout e|Connection terminated due to connection timeout)/, 'unreachable'],
  [
    /^(Connection terminated|Client has encountered|Client was closed|Received unexpected)/,
    'connection_lost',
  ],
  [/^(The server does not support SSL|There was an error establishing an SSL)/, 'tls_failed'],
  // The password is empty, or the server cannot prove that it knows the password.
  [/^SASL: /, 'password_refused'],
];

/** Codes of OpenSSL for a certificate that is not accepted, and Node's own codes for TLS. */
const TLS = /^(ERR_(TLS|SSL)_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA)/;
const SYSTEM = /^(E(?!RR_)[A-Z0-9_]+|UNKNOWN)$/;
/** System calls made before there is a connection, and what their failure means. */
const CONNECTING: Record<string, CauseName> = { connect: 'unreachable', getaddrinfo: 'name_lookup' };

/** The name of the cause of an error that `Database` or the control connection threw; undefined for any other error. */
export function causeName(error: unknown): CauseName | undefined {
  if (error instanceof ConnectionFailure || error instanceof StatementFailure) return error.reason;
  if (!(error instanceof Error)) return undefined;
  const state = sqlstate(error);
  if (state) return isOtherFeature(state, error) ? 'unexpected' : causeOfState(state);
  const code = errorCode(error) ?? '';
  if (TLS.test(code)) return 'tls_failed';
  const known = KNOWN_MESSAGES.find(([message]) => message.test(error.message));
  if (known) return known[1];
  if (!SYSTEM.test(code)) return undefined;
  return CONNECTING[String((error as NodeJS.ErrnoException).syscall)] ?? 'connection_lost';
}

/** The same cause as its row of the table. */
export function causeOf(error: unknown): Cause | undefined {
  const name = causeName(error);
  return name && CAUSES[name];
}

/** The SQLSTATE with which a statement or an attempt to connect ended; undefined if PostgreSQL did not answer. */
export function answeredState(error: unknown): string | undefined {
  return sqlstate(error) ?? (error instanceof StatementFailure ? sqlstate(error.cause) : undefined);
}

/** `error.type` of spans and metrics: the SQLSTATE, or the name of the cause, or the class of the error. */
export function errorType(error: unknown): string {
  const type = sqlstate(error) ?? causeName(error);
  return type ?? (error instanceof Error ? error.constructor.name : '_OTHER');
}

/** Whether waiting can help when a connection was refused. It may also help when the cause is unknown. */
export function isPassing(error: unknown): boolean {
  return causeOf(error)?.passes ?? causeName(error) === undefined;
}

/** Whether this error makes a connection useless. */
export function breaksConnection(error: unknown): boolean {
  return causeOf(error)?.session !== 'kept';
}

/** PostgreSQL uses 0A000 for any unsupported feature; only this function uses it for a plan that has become wrong. */
function isOtherFeature(state: string, error: Error): boolean {
  return state === '0A000' && (error as { routine?: string }).routine !== 'RevalidateCachedQuery';
}
