import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;
const READING = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Whether this would change something for a page of another origin. Browsers tell where a page is from, and send what
 * it asks for without asking first. A process that listens on loopback is this machine's: a page is not from here when
 * its name, made to lead here, is none of loopback's own.
 *
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
