import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;
const READING = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Whether this would change something on behalf of a page of another origin. Browsers say which page a request comes
 * from, and send it without asking first. A process that listens on loopback serves only this machine: a page whose
 * name was made to resolve to loopback, but is not one of loopback's own names, is foreign.
 * @param listenAddress where the process listens
 */
export function changesFromElsewhere(
  { method = '', headers: { origin, host } }: Pick<IncomingMessage, 'method' | 'headers'>,
  listenAddress: string,
): boolean {
  if (origin === undefined || READING.includes(method)) return false;
  const page = URL.parse(origin);
  if (!page || page.host !== host) return true;
  return LOOPBACK.test(listenAddress) && !LOOPBACK.test(page.hostname);
}
