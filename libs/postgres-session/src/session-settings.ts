import { escapeLiteral } from 'pg';

/** Settings of PostgreSQL by name, each with one value as SQL writes it. */
export type SessionSettings = Readonly<Record<string, string>>;

/**
 * What each session needs, whatever the server, the database or the role set. pg reads dates only in ISO form, and all
 * our tables are in `public`. Two things are left to the server: what only a superuser may change, and being read-only
 * as a whole.
 */
const EVERY_SESSION: SessionSettings = {
  search_path: 'public',
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  // The notice in which a slowed statement reports how long it took must get through.
  client_min_messages: 'notice',
  row_security: 'on',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  transaction_timeout: '0',
  idle_session_timeout: '0',
  tcp_user_timeout: '0',
};

/** The first major version of PostgreSQL that has a setting; all supported versions have the others. */
const SINCE: Readonly<Record<string, number>> = {
  client_connection_check_interval: 14,
  idle_session_timeout: 14,
  transaction_timeout: 17,
};

/** What PostgreSQL reports about itself while it accepts a connection (its ParameterStatus messages). */
export interface ServerParameters {
  server_version?: string;
  /** Reported since version 14. */
  default_transaction_read_only?: string;
}

/** What PostgreSQL reports about a session that was set up. */
export interface EstablishedSession {
  /** The server process that answered. */
  pid: number;
  /** `application_name` as pg_stat_activity shows it. */
  application_name: string;
}

/**
 * SQL that sets up a session and whose last answer is one row, an `EstablishedSession`. It is not part of the packet
 * that opens the connection, because a pooler refuses settings there. It uses plain SET, because a new session has to
 * plan anything else with empty catalog caches, which makes each connection half as expensive again.
 */
export function sessionStatement(settings: SessionSettings, server: ServerParameters): string {
  const major = Number.parseInt(server.server_version ?? '', 10);
  const sets = Object.entries({ ...EVERY_SESSION, ...settings })
    .filter(([name]) => !(major < (SINCE[name] ?? 0)))
    .map(([name, value]) => `SET ${name} TO ${escapeLiteral(value)};`);
  // This limit comes first, so that a limit of a few milliseconds does not end what follows.
  return `SET statement_timeout TO 0;
    ${sets.join(' ')}
    ${server.default_transaction_read_only === 'off' ? '' : LIFT_READ_ONLY}
    SELECT pg_catalog.pg_backend_pid() AS pid, pg_catalog.current_setting('application_name') AS application_name`;
}

/**
 * Read-only is lifted if the database or the role sets it, and kept if the whole server does: managed servers do so
 * when the disk is full.
 */
const LIFT_READ_ONLY = `
    SELECT pg_catalog.set_config('default_transaction_read_only', 'off', false)
    WHERE pg_catalog.current_setting('default_transaction_read_only') = 'on' AND EXISTS (
      SELECT FROM pg_catalog.pg_db_role_setting d, pg_catalog.unnest(d.setconfig) AS c
      WHERE c LIKE 'default\\_transaction\\_read\\_only=%'
        AND d.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
        AND d.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user)));`;
