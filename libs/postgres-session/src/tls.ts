import type { ClientConfig } from 'pg';

/** TLS to PostgreSQL, under libpq's names: none, without checking the certificate, or with the check. */
export const TLS_MODES = ['disable', 'require', 'verify-full'] as const;

export type TlsMode = (typeof TLS_MODES)[number];

/** The mode in the form that pg expects. */
export function tls(mode: TlsMode): ClientConfig['ssl'] {
  return mode === 'disable' ? false : { rejectUnauthorized: mode === 'verify-full' };
}
