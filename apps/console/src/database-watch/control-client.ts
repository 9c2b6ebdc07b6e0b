import { CONTROL_LIMITS } from '@app/database';
import { SessionClient, type SessionSettings, tls } from '@app/postgres-session';
import type { ConsoleConfiguration } from '../configuration/console-configuration';

const TIMEOUT_MS = 1_000;

/** A connection of the control role, outside of the budget, which works while that is used up. */
export function controlClient(
  configuration: ConsoleConfiguration,
  applicationName: string,
  session: SessionSettings = CONTROL_LIMITS,
): SessionClient {
  const { DB_HOST, DB_PORT, DB_NAME, DB_CONTROL_USER, DB_CONTROL_PASSWORD, DB_SSL } = configuration;
  return new SessionClient({
    host: DB_HOST,
    port: DB_PORT,
    database: DB_NAME,
    user: DB_CONTROL_USER,
    password: DB_CONTROL_PASSWORD,
    // Not in the form that the services use: the console is none of the processes that share the budget.
    application_name: applicationName,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    keepAlive: true,
    ssl: tls(DB_SSL),
    session,
  });
}
