import { isIPv6 } from 'node:net';

/** Host and port as they stand in a URL: an address of IPv6 in brackets. */
export function authority(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
