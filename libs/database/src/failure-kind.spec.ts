import { getSystemErrorMap } from 'node:util';
import { DatabaseError } from 'pg';
import { ConnectionFailure } from './connection-failure';
import { type FailureKind, failureKind } from './failure-kind';
import { breaksConnection, isPassing, sqlstate } from './sqlstate';

/** What PostgreSQL answers, as pg throws it. */
function refusal(code: string): DatabaseError {
  return Object.assign(new DatabaseError('refused', 1, 'error'), { code });
}

describe('a failure of the database', () => {
  it.each<[kind: FailureKind, states: string[]]>([
    ['unavailable', ['53300', '53100', '53200', '57P01', '57P02', '57P03', '57P05', '08000', '08006']],
    // Until the set-up has run, or while its settings are wrong.
    ['unavailable', ['3D000', '28P01', '28000', '42501', '42P01']],
    ['unavailable', ['25P03']],
    ['timeout', ['57014']],
    ['conflict', ['40001', '40P01', '55P03', '23505']],
    ['missing_reference', ['23503']],
    ['rule_violated', ['23514']],
    ['invalid_value', ['22001', '22003', '22021', '22P02', '22P05']],
    ['unexpected', ['42601', '42703', '23502', '0A000', 'XX000', 'P0001', '57000']],
  ])('means %s: %j', (kind, states) => {
    for (const state of states) {
      expect([state, failureKind(refusal(state))]).toEqual([state, kind]);
      expect(sqlstate(refusal(state))).toBe(state);
    }
  });

  it('means unavailable when no connection could be had', () => {
    expect(failureKind(new ConnectionFailure('pool_timeout', 3_000))).toBe('unavailable');
    expect(failureKind(new ConnectionFailure('unreachable', 0, refusal('42601')))).toBe('unavailable');
  });

  // Some look like an SQLSTATE: EPERM, EPIPE, EBADF.
  it('means unavailable for every error that the system has for a connection', () => {
    const codes = [...getSystemErrorMap().values()].map(([code]) => code);
    expect(codes).toContain('EPERM');
    const mistaken = codes.filter((code) => {
      const error = Object.assign(new Error(`connect ${code}`), { code, errno: -1, syscall: 'connect' });
      return failureKind(error) !== 'unavailable' || sqlstate(error) || !breaksConnection(error);
    });
    expect(mistaken).toEqual([]);
  });

  it.each([
    ['EPIPE', 'This socket has been ended by the other party'],
    ['ECONNRESET', 'Client network socket disconnected before secure TLS connection was established'],
  ])('means unavailable when Node says %s and names no system call', (code, message) => {
    expect(failureKind(Object.assign(new Error(message), { code }))).toBe('unavailable');
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Query read timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
  ])('means unavailable when pg says no more than "%s"', (message) => {
    expect(failureKind(new Error(message))).toBe('unavailable');
    expect(breaksConnection(new Error(message))).toBe(true);
  });

  it.each([new TypeError('x is not a function'), new Error('Something else'), undefined, null, 'text', {}])(
    'is not what %p is',
    (error) => {
      expect(failureKind(error)).toBeUndefined();
    },
  );

  it('leaves the connection as good as before when the server refused a statement', () => {
    for (const state of ['23514', '22001', '57014', '55P03', '40P01', '42601'])
      expect([state, breaksConnection(refusal(state))]).toEqual([state, false]);
    for (const state of ['57P01', '57P02', '08006'])
      expect([state, breaksConnection(refusal(state))]).toEqual([state, true]);
  });

  it('passes by itself when a slot or the server is missing, and not when the settings are wrong', () => {
    for (const state of ['53300', '57P01', '57P03', '08006'])
      expect([state, isPassing(refusal(state))]).toEqual([state, true]);
    for (const state of ['28P01', '3D000', '42501'])
      expect([state, isPassing(refusal(state))]).toEqual([state, false]);
  });
});
