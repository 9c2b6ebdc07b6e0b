import type { Configuration } from '@app/configuration';
import { type SessionConfig, type SessionSettings, tls } from '@app/postgres-session';
import type { PoolConfig } from 'pg';
import { applicationName } from './application-name';
import { CONTROL_LIMITS, NEIGHBOUR_LIMITS, SERVICE_LIMITS } from './role-limits';
import { ServerSocket } from './server-socket';

/** Milliseconds that the control connection waits for an answer before it is given up and replaced. */
const CONTROL_PATIENCE_MS = 3_000;

/** How the pool connects: as the role whose limit is the budget. */
export function poolSettings(configuration: Configuration): PoolConfig & SessionConfig {
  return {
    ...server(configuration),
    user: configuration.DB_USER,
    password: configuration.DB_PASSWORD,
    application_name: applicationName(configuration.SERVICE_NAME, 'pool'),
    query_timeout: configuration.DB_STATEMENT_TIMEOUT_MS,
    // Once the server has accepted a connection, it has at least as long as a request may wait for it.
    connectionTimeoutMillis: Math.max(
      configuration.DB_CONNECT_TIMEOUT_MS,
      configuration.DB_ACQUIRE_TIMEOUT_MS,
    ),
    // This process waits a little longer than PostgreSQL may take: see `ANSWER_MARGIN_MS` of the executor.
    session: { ...SERVICE_LIMITS, statement_timeout: `${configuration.DB_STATEMENT_TIMEOUT_MS}ms` },
  };
}

/**
 * How the control connection connects: as the role outside the budget.
 * @param connectTimeoutMs milliseconds for this attempt
 */
export function controlSettings(configuration: Configuration, connectTimeoutMs: number): SessionConfig {
  return {
    ...server(configuration),
    user: configuration.DB_CONTROL_USER,
    password: configuration.DB_CONTROL_PASSWORD,
    application_name: applicationName(configuration.SERVICE_NAME, 'control'),
    query_timeout: CONTROL_PATIENCE_MS,
    connectionTimeoutMillis: connectTimeoutMs,
    session: CONTROL_LIMITS,
  };
}

/** Who uses the session: the services' own role, the control role, or the neighbour that shares the server with them. */
export type SessionRole = 'service' | 'control' | 'neighbour';

/**
 * How a session outside the pool connects.
 * @param changed settings that differ from the limits of its role
 * @param name its application_name; without one it looks like those of the pool
 */
export function sessionSettings(
  configuration: Configuration,
  role: SessionRole,
  changed: SessionSettings = {},
  name = applicationName(configuration.SERVICE_NAME, 'pool'),
): SessionConfig {
  const { DB_USER, DB_CONTROL_USER, DB_NEIGHBOUR_USER } = configuration;
  const { DB_PASSWORD, DB_CONTROL_PASSWORD, DB_NEIGHBOUR_PASSWORD } = configuration;
  const logins = {
    service: { user: DB_USER, password: DB_PASSWORD, session: SERVICE_LIMITS },
    control: { user: DB_CONTROL_USER, password: DB_CONTROL_PASSWORD, session: CONTROL_LIMITS },
    neighbour: { user: DB_NEIGHBOUR_USER, password: DB_NEIGHBOUR_PASSWORD, session: NEIGHBOUR_LIMITS },
  };
  const { user, password, session } = logins[role];
  return {
    ...server(configuration),
    user,
    password,
    application_name: name,
    connectionTimeoutMillis: configuration.DB_CONNECT_TIMEOUT_MS,
    session: { ...session, ...changed },
  };
}

function server(configuration: Configuration): SessionConfig {
  return {
    host: configuration.DB_HOST,
    port: configuration.DB_PORT,
    database: configuration.DB_NAME,
    keepAlive: true,
    stream: () => new ServerSocket(),
    ssl: tls(configuration.DB_SSL),
  };
}
