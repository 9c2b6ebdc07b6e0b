import { isIPv6 } from 'node:net';

/** Host and port as written in a URL: an IPv6 address is in brackets. */
export function authority(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
