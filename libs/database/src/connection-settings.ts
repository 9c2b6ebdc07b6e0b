import type { Configuration } from '@app/configuration';
import type { ClientConfig } from 'pg';
import { applicationName } from './application-name';
import { tls } from './tls';

/** Milliseconds for one attempt to connect: short, so that an attempt into a dead network soon makes room. */
const CONNECT_TIMEOUT_MS = 1_000;

/** How the pool connects: as the role whose limit is the budget. */
export function poolSettings(configuration: Configuration): ClientConfig {
  return {
    ...server(configuration),
    user: configuration.DB_USER,
    password: configuration.DB_PASSWORD,
    application_name: applicationName(configuration.SERVICE_NAME, 'pool'),
    query_timeout: configuration.DB_STATEMENT_TIMEOUT_MS,
  };
}

/** How the control connection connects: as the role outside the budget. */
export function controlSettings(configuration: Configuration): ClientConfig {
  return {
    ...server(configuration),
    user: configuration.DB_CONTROL_USER,
    password: configuration.DB_CONTROL_PASSWORD,
    application_name: applicationName(configuration.SERVICE_NAME, 'control'),
    query_timeout: 1_000,
  };
}

// pg's own defaults wait for ever on a server that does not answer.
function server(configuration: Configuration): ClientConfig {
  return {
    host: configuration.DB_HOST,
    port: configuration.DB_PORT,
    database: configuration.DB_NAME,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    ssl: tls(configuration.DB_SSL),
  };
}
