import { getSystemErrorMap } from 'node:util';
import { DatabaseError } from 'pg';
import { breaksConnection, causeName, errorType, isPassing } from './cause-of';
import { CAUSES, type CauseName } from './causes';
import { ConnectionFailure } from './connection-failure';
import { DATABASE_PROBLEMS } from './database-problems';
import { sqlstate } from './sqlstate';
import { StatementFailure } from './statement-failure';

/** PostgreSQL's answer, as pg throws it. */
function refusal(code: string, also: object = {}): DatabaseError {
  return Object.assign(new DatabaseError('refused', 1, 'error'), { code, ...also });
}

describe('the cause of a failure', () => {
  it.each<[cause: CauseName, states: string[]]>([
    ['connection_lost', ['08000', '08006', '57P05']],
    ['outcome_unknown', ['08007', '40003']],
    ['invalid_value', ['22001', '22003', '22021', '22P02', '22P05']],
    ['missing_reference', ['23503']],
    ['duplicate', ['23505']],
    ['rule_violated', ['23514', '23P01']],
    ['read_only', ['25006']],
    ['transaction_timeout', ['25P03', '25P04']],
    ['login_refused', ['28000']],
    ['password_refused', ['28P01']],
    ['database_missing', ['3D000']],
    ['schema_missing', ['42P01', '3F000']],
    ['serialization_failure', ['40001', '40002']],
    ['deadlock', ['40P01']],
    ['privilege_missing', ['42501']],
    ['statement_outdated', ['26000', '42P05']],
    ['statement_refused', ['23502', '42601', '42703']],
    ['out_of_resources', ['53200', '53400']],
    ['disk_full', ['53100']],
    ['too_many_connections', ['53300']],
    ['lock_timeout', ['55P03']],
    ['statement_timeout', ['57014']],
    ['server_stopping', ['57P01', '57P03']],
    ['server_crashed', ['57P02']],
    ['unexpected', ['XX000', 'XX001', 'P0001', '57000', '25P02', '55006', '58030', '0A000', '54001']],
  ])('%s is recognised by %j', (cause, states) => {
    for (const state of states) {
      expect([state, causeName(refusal(state))]).toEqual([state, cause]);
      expect(errorType(refusal(state))).toBe(state);
    }
  });

  it('is an outdated statement only if the plan cannot be used any more', () => {
    expect(causeName(refusal('0A000', { routine: 'RevalidateCachedQuery' }))).toBe('statement_outdated');
    expect(causeName(refusal('0A000', { routine: 'transformStmt' }))).toBe('unexpected');
  });

  it('is what this process knows better than the driver does', () => {
    expect(causeName(new ConnectionFailure('pool_timeout', 3_000))).toBe('pool_timeout');
    expect(errorType(new ConnectionFailure('unreachable', 0, refusal('57P03')))).toBe('unreachable');
    expect(errorType(new StatementFailure('outcome_unknown', refusal('57P02')))).toBe('outcome_unknown');
  });

  // Some of them resemble an SQLSTATE: EPERM, EPIPE, EBADF.
  it('is an unreachable server or a lost connection for every error that the system has', () => {
    const codes = [...getSystemErrorMap().values()].map(([code]) => code);
    expect(codes).toContain('EPERM');
    const of = (code: string, syscall: string) =>
      causeName(Object.assign(new Error(`${syscall} ${code}`), { code, errno: -1, syscall }));
    expect(codes.filter((code) => of(code, 'connect') !== 'unreachable')).toEqual([]);
    expect(codes.filter((code) => of(code, 'getaddrinfo') !== 'name_lookup')).toEqual([]);
    expect(codes.filter((code) => of(code, 'read') !== 'connection_lost')).toEqual([]);
    expect(codes.filter((code) => sqlstate({ code }) !== undefined)).toEqual([]);
  });

  it.each<[CauseName, string, code?: string]>([
    ['connection_lost', 'This socket has been ended by the other party', 'EPIPE'],
    ['connection_lost', 'Client network socket disconnected before secure TLS connection', 'ECONNRESET'],
    ['connection_lost', 'Connection terminated unexpectedly'],
    ['connection_lost', 'Client has encountered a connection error and is not queryable'],
    ['unreachable', 'Connection terminated due to connection timeout'],
    ['unreachable', 'timeout exceeded when trying to connect'],
    ['unreachable', 'timeout expired'],
    ['statement_limit', 'Query read timeout'],
    ['tls_failed', 'The server does not support SSL connections'],
    ['tls_failed', 'self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['tls_failed', "Hostname/IP does not match certificate's altnames", 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['password_refused', 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string'],
  ])('is %s when pg says no more than "%s"', (...[cause, message, code]) => {
    expect(causeName(Object.assign(new Error(message), code && { code }))).toBe(cause);
  });

  it.each([new TypeError('x is not a function'), new Error('Something else'), undefined, null, 'text', {}])(
    'is unknown for %p, which still closes the session',
    (error) => {
      expect(causeName(error)).toBeUndefined();
      expect(breaksConnection(error)).toBe(true);
    },
  );
});

describe('what follows from a cause', () => {
  it('is a session that goes on where the server refused only the statement, and a new one otherwise', () => {
    for (const state of ['23514', '22001', '57014', '55P03', '40P01', '42601', '42501', '53100'])
      expect([state, breaksConnection(refusal(state))]).toEqual([state, false]);
    for (const state of ['57P01', '57P02', '08006', '25006', '25P02', 'XX000', 'P0001', '0A000'])
      expect([state, breaksConnection(refusal(state))]).toEqual([state, true]);
  });

  it('is waiting for what passes by itself, and no waiting where somebody has to fix the settings', () => {
    for (const state of ['53300', '57P01', '57P03', '08006'])
      expect([state, isPassing(refusal(state))]).toEqual([state, true]);
    for (const state of ['28P01', '28000', '3D000', '42501', '53100'])
      expect([state, isPassing(refusal(state))]).toEqual([state, false]);
    expect(isPassing(new Error('Something else'))).toBe(true);
  });

  it.each(Object.entries(CAUSES))('is consistent: %s', (_name, cause) => {
    const status = cause.problem && DATABASE_PROBLEMS[cause.problem][0];
    // Nobody is asked to repeat what may have happened, and a caller that has to wait learns for how long.
    if (cause.problem === 'outcome-unknown') expect(cause.retryAfterSeconds).toBeUndefined();
    else if (status === 503) expect(cause.retryAfterSeconds).toBeGreaterThan(0);
    if (cause.log === 'error') expect(cause.remedy).toBeDefined();
    if (cause.hits) expect(cause.remedy).toBeDefined();
    if (cause.undecided) expect(cause.session).toBe('closed');
    if (status !== undefined && status < 500) expect(cause.hits).toBeUndefined();
  });
});
