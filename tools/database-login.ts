import { type TlsMode, tls } from '@app/database';
import { Client } from 'pg';

export interface Login {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/**
 * Logs in and out again.
 *
 * @throws what PostgreSQL or the network says; after 5 s of silence at the latest
 */
export async function logIn(login: Login): Promise<void> {
  const client = new Client({
    ...login,
    ssl: tls(login.tls),
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** One line for an error of a connection attempt; Node leaves the message empty when every address failed. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
