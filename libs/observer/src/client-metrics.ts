import type { ClientSample, Histogram, OperationHistogram } from '@app/diagnosis';

const NONE: Histogram = { count: 0, sum: 0, buckets: [] };
const LINE = /^(\w+?)(_bucket|_sum|_count)?(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;
/** The only metrics that are read: those of OpenTelemetry's conventions, which any service may have. */
const READ = /^(db_client_|http_server_request_duration_seconds_count|target_info)/;

const OPERATIONS = 'db_client_operation_duration_seconds';
const CONNECTIONS = 'db_client_connection_';

interface Sums {
  labels: Record<string, string>;
  count: number;
  sum: number;
  buckets: number[];
}

/**
 * Reads the metrics of a service in Prometheus' text format.
 * @param ignoredRoutes beginnings of HTTP routes that are not the application's
 */
export function clientSample(service: string, text: string, ignoredRoutes: readonly string[]): ClientSample {
  const histograms = new Map<string, Map<string, Sums>>();
  const bounds: number[] = [];
  const pool = { used: 0, idle: 0, pending: 0, max: 0 };
  const requests = { answered: 0, failed: 0, gone: 0 };
  let instance = '';
  for (const line of text.split('\n')) {
    if (!READ.test(line)) continue;
    const [, name = '', part, labelText = '', number = ''] = LINE.exec(line) ?? [];
    const labels = labelsOf(labelText);
    const value = Number(number);
    if (name === 'target_info') instance = labels.service_instance_id ?? '';
    else if (name === 'http_server_request_duration_seconds')
      countRequest(requests, labels, value, ignoredRoutes);
    else if (part && name.endsWith('_seconds')) addTo(histograms, name, part, labels, value, bounds);
    else readGauge(pool, name + (part ?? ''), labels, value);
  }
  const all = (name: string) => [...(histograms.get(name)?.values() ?? [])];
  const only = (name: string): Histogram => all(name)[0] ?? NONE;
  return {
    service,
    instance,
    bounds: bounds.sort((a, b) => a - b),
    operations: all(OPERATIONS).map(operationOf),
    waits: only(`${CONNECTIONS}wait_time_seconds`),
    uses: only(`${CONNECTIONS}use_time_seconds`),
    creates: only(`${CONNECTIONS}create_time_seconds`),
    pool,
    requests,
  };
}

function operationOf({ labels, count, sum, buckets }: Sums): OperationHistogram {
  const {
    db_operation_name: operation = '',
    db_collection_name: table = '',
    error_type: error = '',
  } = labels;
  return { operation, table, error, count, sum, buckets };
}

function countRequest(
  requests: ClientSample['requests'],
  labels: Record<string, string>,
  value: number,
  ignoredRoutes: readonly string[],
): void {
  const { http_route: route = '', http_response_status_code: status = '0', error_type: error } = labels;
  if (ignoredRoutes.some((ignored) => route.startsWith(ignored))) return;
  requests.answered += value;
  if (error === 'caller_gone') requests.gone += value;
  else if (Number(status) >= 500) requests.failed += value;
}

function readGauge(
  pool: ClientSample['pool'],
  name: string,
  labels: Record<string, string>,
  value: number,
): void {
  if (name === `${CONNECTIONS}pending_requests`) pool.pending += value;
  if (name === `${CONNECTIONS}max`) pool.max += value;
  if (name === `${CONNECTIONS}count`)
    pool[labels.db_client_connection_state === 'used' ? 'used' : 'idle'] += value;
}

function addTo(
  histograms: Map<string, Map<string, Sums>>,
  name: string,
  part: string,
  { le, ...labels }: Record<string, string>,
  value: number,
  bounds: number[],
): void {
  const series = histograms.get(name) ?? new Map<string, Sums>();
  histograms.set(name, series);
  const key = JSON.stringify(labels);
  const sums = series.get(key) ?? { labels, count: 0, sum: 0, buckets: [] };
  series.set(key, sums);
  if (part === '_count') sums.count = value;
  else if (part === '_sum') sums.sum = value;
  else if (le !== '+Inf') {
    sums.buckets.push(value);
    // All of these histograms have the same bounds.
    if (sums.buckets.length > bounds.length) bounds.push(Number(le));
  }
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]));
}
