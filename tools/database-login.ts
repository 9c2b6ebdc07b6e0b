import { SessionClient, type TlsMode, tls } from '@app/postgres-session';

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
 * @throws the error of PostgreSQL or the network; after 5 s of silence at the latest
 */
export async function logIn(login: Login): Promise<void> {
  const client = new SessionClient({
    ...login,
    ssl: tls(login.tls),
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** One line for an error of a connection attempt; Node leaves the message empty if every address failed. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

/** Node's codes for a certificate that is not signed by anybody it trusts. */
const UNVERIFIABLE = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** How to fix a login that failed because of encryption; undefined for any other. PostgreSQL reports it only in words. */
export function loginAdvice(error: unknown): string | undefined {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (/no encryption|SSL off/.test(message))
    return 'This server lets in encrypted connections only: set DB_SSL=require, or verify-full to check its certificate too.';
  if (/does not support SSL/.test(message))
    return 'This server does not encrypt connections: unset DB_SSL, or turn ssl on there.';
  if (UNVERIFIABLE.has(code))
    return "Name the file of the authority's certificate in NODE_EXTRA_CA_CERTS, or set DB_SSL=require to go without the check.";
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'Set DB_HOST to a name that the certificate has, or DB_SSL=require to go without the check.';
  if (code === 'CERT_HAS_EXPIRED')
    return 'The certificate of the server has expired: renew it, or set DB_SSL=require to go without the check.';
  return undefined;
}
