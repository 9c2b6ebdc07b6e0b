import { CONTROL_LIMITS } from '@app/database';
import { SessionClient, type SessionSettings, tls } from '@app/postgres-session';
import type { ConsoleConfiguration } from '../configuration/console-configuration';

const TIMEOUT_MS = 1_000;

/** A connection of the control role, outside the budget, which works while the budget is used up. */
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
    // Its form differs from that of the services, because the console is not a process that shares the budget.
    application_name: applicationName,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    keepAlive: true,
    ssl: tls(DB_SSL),
    session,
  });
}
