import { setGlobalProxyFromEnv } from 'node:http';

const LOOPBACK = ['localhost', '127.0.0.1', '::1', '[::1]'];
const PROXIES = [
  'HTTP_PROXY',
  'http_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'ALL_PROXY',
  'all_proxy',
  'grpc_proxy',
];

/**
 * Lets this process, and those that it starts, reach this machine itself although the environment names a proxy, which
 * would look for loopback on its own machine. To be called before the first request.
 */
export function reachLoopbackDirectly(environment: NodeJS.ProcessEnv = process.env): void {
  if (!PROXIES.some((variable) => environment[variable])) return;
  const named = (environment.no_proxy ?? environment.NO_PROXY ?? '').split(',').map((host) => host.trim());
  const direct = [...new Set([...named, ...LOOPBACK])].filter(Boolean).join(',');
  // Programs and libraries read one spelling or the other.
  Object.assign(environment, { NO_PROXY: direct, no_proxy: direct });
  // Node.js has already read them, before any program runs.
  if (environment === process.env && environment.NODE_USE_ENV_PROXY === '1') setGlobalProxyFromEnv();
}
