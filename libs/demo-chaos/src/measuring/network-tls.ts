import type { Configuration } from '@app/configuration';

/** Why a bad network cannot be had here; undefined where it can. */
export function networkMissing({ DB_SSL }: Configuration): string | undefined {
  if (DB_SSL === 'disable') return undefined;
  return `the bytes of a TLS connection cannot be delayed or lost in this process (DB_SSL is ${DB_SSL})`;
}
