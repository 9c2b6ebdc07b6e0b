import { SessionClient } from '@app/postgres-session';
import type { ClientConfig } from 'pg';

/** Milliseconds for each step of the login. */
const PATIENCE_MS = 5_000;

/**
 * Makes sure that the password fits the data, so that not every user of it has to find out.
 *
 * @throws with the remedy
 */
export async function checkLogin(login: ClientConfig, dataDir: string): Promise<void> {
  const client = new SessionClient({
    ...login,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  });
  try {
    await client.connect();
    await client.query('SELECT 1');
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') throw error;
    throw new Error(
      `The data in ${dataDir} was made with another password. Remove this demo data ` +
        '(npm run reset-data), then start again.',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
