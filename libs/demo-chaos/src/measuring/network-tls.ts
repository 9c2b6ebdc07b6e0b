import type { Configuration } from '@app/configuration';

/** Why a bad network is not available here; undefined if it is. */
export function networkMissing({ DB_SSL }: Configuration): string | undefined {
  if (DB_SSL === 'disable') return undefined;
  return `the bytes of a TLS connection cannot be delayed or lost in this process (DB_SSL is ${DB_SSL})`;
}
