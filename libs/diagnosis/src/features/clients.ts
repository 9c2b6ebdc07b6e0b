import type { ClientSample, Histogram, Sample } from '../sample';
import { highest, mean, slope, sum } from './arithmetic';
import { type Durations, durations, growth, together } from './durations';

/** The statements of one operation of a service. */
export interface OperationStats extends Durations {
  service: string;
  operation: string;
  table: string;
  /** Failures a second by `error.type`. */
  errors: Record<string, number>;
}

/** The connections of a service, all its processes together. */
export interface PoolStats {
  service: string;
  /** In use: mean, highest, and growth a second. */
  used: number;
  usedMax: number;
  usedSlope: number;
  /** Open and ready for the next request, mean. */
  idle: number;
  /** Requests that wait for a connection: mean, and in the last sample. */
  pending: number;
  pendingNow: number;
  /** Most connections that it may open. */
  max: number;
  /** Milliseconds waited for a connection. */
  waitP99: number;
  /** Connections handed to requests, each second. */
  taken: number;
  /** Milliseconds from acquiring a connection to giving it back. */
  useMean: number;
  /** Milliseconds of statements for each connection handed out. */
  statementMs: number;
  /** Connections opened each second, and the milliseconds that each took. */
  created: number;
  createMean: number;
}

/** Results of statements that never ran or were given up: their time says nothing about the database. */
const UNANSWERED = new Set([
  'pool_timeout',
  'queue_full',
  'unreachable',
  'connection_lost',
  'statement_limit',
  'timeout',
  'caller_gone',
]);

/** What the services measure about themselves in a window. */
export interface ClientStats {
  operations: OperationStats[];
  pools: PoolStats[];
  /** A second. */
  requests: { answered: number; failed: number; gone: number };
  /** Statements a second that act on a table, without the BEGIN and COMMIT around them. */
  statements: number;
}

/** One process, in those samples of the window that include it. */
interface Process {
  service: string;
  polls: ClientSample[];
  /** Between its first and its last sample. */
  seconds: number;
}

export function clientStats(samples: readonly Sample[]): ClientStats {
  const processes = processesIn(samples);
  const operations = operationsOf(processes);
  const rate = (pick: (client: ClientSample) => number) =>
    sum(processes.map((process) => perSecond(process, pick)));
  return {
    operations,
    pools: [...Map.groupBy(processes, ({ service }) => service)].map(([service, own]) =>
      poolOf(
        service,
        own,
        operations.filter((operation) => operation.service === service),
      ),
    ),
    requests: {
      answered: rate(({ requests }) => requests.answered),
      failed: rate(({ requests }) => requests.failed),
      gone: rate(({ requests }) => requests.gone),
    },
    statements: rate(({ operations }) => sum(operations.map(({ table, count }) => (table ? count : 0)))),
  };
}

function processesIn(samples: readonly Sample[]): Process[] {
  const seen = samples.flatMap(({ at, clients }) => clients.map((client) => ({ at, client })));
  const byProcess = Map.groupBy(seen, ({ client }) => `${client.service} ${client.instance}`);
  return [...byProcess.values()].map((polls) => ({
    service: polls[0]?.client.service ?? '',
    polls: polls.map(({ client }) => client),
    seconds: ((polls.at(-1)?.at ?? 0) - (polls[0]?.at ?? 0)) / 1_000,
  }));
}

function operationsOf(processes: readonly Process[]): OperationStats[] {
  const grown = processes.flatMap(({ service, polls, seconds }) => {
    const [first, last] = [polls[0] as ClientSample, polls.at(-1) as ClientSample];
    return last.operations.map((histogram) => {
      const { operation, table, error } = histogram;
      const before = first.operations.find(
        (other) => other.operation === operation && other.table === table && other.error === error,
      );
      // A histogram that is new in the window starts from zero.
      const counted = polls.length > 1 ? growth(histogram, before) : { count: 0, sum: 0, buckets: [] };
      return { service, operation, table, error, seconds, bounds: last.bounds, counted };
    });
  });
  const byOperation = Map.groupBy(
    grown,
    ({ service, operation, table }) => `${service} ${operation} ${table}`,
  );
  return [...byOperation.values()].map((parts) => {
    const { service, operation, table, bounds } = parts[0] as (typeof parts)[number];
    const errors: Record<string, number> = {};
    for (const { error, counted, seconds } of parts)
      if (error && counted.count > 0) errors[error] = (errors[error] ?? 0) + counted.count / seconds;
    const ran = parts.filter(({ error }) => !UNANSWERED.has(error));
    const all = durations(together(ran.map(({ counted }) => counted)), bounds);
    return { service, operation, table, ...all, errors };
  });
}

function poolOf(
  service: string,
  processes: readonly Process[],
  operations: readonly OperationStats[],
): PoolStats {
  const over = (pick: (client: ClientSample) => Histogram) =>
    durations(
      together(
        processes.map(({ polls }) => growth(pick(polls.at(-1) as ClientSample), polls[0] && pick(polls[0]))),
      ),
      processes[0]?.polls[0]?.bounds ?? [],
    );
  const gauge = (pick: (pool: ClientSample['pool']) => number, combine: (numbers: number[]) => number) =>
    sum(processes.map(({ polls }) => combine(polls.map(({ pool }) => pick(pool)))));
  const rate = (pick: (client: ClientSample) => number) =>
    sum(processes.map((process) => perSecond(process, pick)));
  const uses = over(({ uses }) => uses);
  const statements = sum(operations.map(({ count, mean }) => count * mean));
  return {
    service,
    used: gauge(({ used }) => used, mean),
    usedMax: gauge(({ used }) => used, highest),
    usedSlope: sum(
      processes.map(({ polls, seconds }) =>
        slope(
          polls.map(({ pool }) => pool.used),
          seconds,
        ),
      ),
    ),
    idle: gauge(({ idle }) => idle, mean),
    pending: gauge(({ pending }) => pending, mean),
    pendingNow: gauge(
      ({ pending }) => pending,
      (numbers) => numbers.at(-1) ?? 0,
    ),
    max: gauge(
      ({ max }) => max,
      (numbers) => numbers.at(-1) ?? 0,
    ),
    waitP99: over(({ waits }) => waits).p99,
    taken: rate(({ waits }) => waits.count),
    useMean: uses.mean,
    statementMs: uses.count > 0 ? statements / uses.count : 0,
    created: rate(({ creates }) => creates.count),
    createMean: over(({ creates }) => creates).mean,
  };
}

/** By how much a counter of a process grew each second. */
function perSecond({ polls, seconds }: Process, pick: (client: ClientSample) => number): number {
  const [first, last] = [polls[0], polls.at(-1)];
  if (!first || !last || seconds === 0) return 0;
  const grown = pick(last) - pick(first);
  return (grown < 0 ? pick(last) : grown) / seconds;
}
