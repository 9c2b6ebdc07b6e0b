import { setTimeout } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { usedHeap, WITH_INSPECTOR } from '../support/heap';
import { Load } from '../support/load';
import { quantile } from '../support/quantile';
import type { RunningService } from '../support/running-service';
import { System } from '../support/system';
import { TELEMETRY_FAULTS, TelemetryBackend, type TelemetryFault } from '../support/telemetry-backend';
import { exactly, within } from './figures';
import type { Figure, Row, Run } from './row';

/** Requests a second to each replica. */
const REQUESTS_PER_SECOND = 30;
const MEBIBYTE = 1_024 * 1_024;
/** Milliseconds that a busy machine may add. */
const BUSY_MS = 4_000;
/** What pauses of such a machine can add to a percentile; a request that waited for the backend would exceed it. */
const PAUSES_MS = 1_000;

/** OpenTelemetry's own values, but for many small batches, which wait longest. The short form takes seconds only. */
const FULL = {
  warmUp: { seconds: 5, requests: 50 },
  measured: { seconds: 60, requests: 1_000 },
  percentile: 99,
  queue: 2_048,
  exportMs: 10_000,
  environment: { OTEL_BSP_SCHEDULE_DELAY: '50' },
};
const SHORT = {
  warmUp: { seconds: 0.5, requests: 5 },
  measured: { seconds: 2, requests: 50 },
  // With so few, one pause of the machine decides the highest; if requests waited for the backend, all of them would.
  percentile: 50,
  queue: 20,
  // Longer than the second after which another byte is sent.
  exportMs: 1_500,
  environment: {
    OTEL_EXPORTER_OTLP_TIMEOUT: '1500',
    OTEL_BSP_EXPORT_TIMEOUT: '1500',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_BSP_MAX_QUEUE_SIZE: '20',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
  },
};

/** One service that sends to a backend of its own. */
interface Replica {
  fault?: TelemetryFault;
  backend: TelemetryBackend;
  service: RunningService;
  requests: number;
  ms: number[];
  failures: number;
}

export const TELEMETRY_BACKEND: Row = {
  id: 'R13',
  claim: 'A telemetry backend that is broken costs spans, which are counted, and nothing else',
  byTime: true,
  async measure(run) {
    const system = await System.start();
    const backends: TelemetryBackend[] = [];
    try {
      const { environment } = run.full ? FULL : SHORT;
      const replica = async (fault?: TelemetryFault): Promise<Replica> => {
        const backend = await TelemetryBackend.start(fault);
        backends.push(backend);
        const all = { ...environment, ...backend.environment(), ...WITH_INSPECTOR };
        const service = await system.service('inventory', all);
        return { fault, backend, service, requests: 0, ms: [], failures: 0 };
      };
      const [healthy, ...broken] = await Promise.all([replica(), ...TELEMETRY_FAULTS.map(replica)]);
      return await compare(healthy as Replica, broken, run);
    } finally {
      await system.stop();
      await Promise.all(backends.map((backend) => backend.stop()));
    }
  },
};

async function compare(healthy: Replica, broken: Replica[], run: Run): Promise<Figure[]> {
  const { warmUp, measured, percentile, queue, exportMs } = run.full ? FULL : SHORT;
  const replicas = [healthy, ...broken];
  await use(replicas, warmUp, run);
  for (const replica of replicas) replica.ms.length = 0;
  run.progress('requests to services whose backend is well, and to those whose backend is not');
  await use(replicas, measured, run);
  const figures = [
    exactly('requests that failed', sum(replicas.map(({ failures }) => failures)), 0),
    ...broken.map((replica) => slower(replica, healthy, percentile)),
    await heavier(broken, healthy),
    ...(await losses(broken, healthy, queue)),
  ];
  run.progress('the backends become well, and break again');
  const recovered = await Promise.all(broken.map(recovery));
  figures.push(
    within(
      'spans arrive again once the backend is well, slowest',
      Math.max(...recovered),
      exportMs + 1_000,
      BUSY_MS,
    ),
  );
  for (const { backend, fault } of broken) if (fault) await backend.fail(fault);
  await use(broken, { seconds: 0.3, requests: 1 }, run);
  const stopped = performance.now();
  const codes = await Promise.all(broken.map(({ service }) => service.stop()));
  return [
    ...figures,
    exactly('exit codes', codes.join(' '), broken.map(() => 0).join(' ')),
    within('SIGTERM until the last has ended', performance.now() - stopped, 8_000),
  ];
}

/**
 * Uses the replicas in turn, so that whatever else the machine does affects all of them.
 * @param atLeast minimum duration, and minimum number of requests that each replica has answered
 */
async function use(
  replicas: Replica[],
  atLeast: { seconds: number; requests: number },
  { random }: Run,
): Promise<void> {
  const before = replicas.map(({ requests }) => requests);
  let turn = 0;
  const load = new Load(REQUESTS_PER_SECOND * replicas.length, random, async () => {
    const replica = replicas[turn++ % replicas.length] as Replica;
    const answer = await replica.service.get('/inventory/check/5');
    replica.requests++;
    replica.ms.push(answer.ms);
    if (answer.status !== 200) replica.failures++;
    return answer;
  });
  await setTimeout(atLeast.seconds * 1_000);
  while (replicas.some(({ requests }, index) => requests - (before[index] ?? 0) < atLeast.requests))
    await setTimeout(100);
  await load.stop();
}

function slower(broken: Replica, healthy: Replica, percentile: number): Figure {
  const [here, there] = [broken, healthy].map(({ ms }) => quantile(ms, percentile / 100)) as [number, number];
  return {
    name: `p${percentile} of ${broken.ms.length} requests with the backend ${broken.fault}, and with one that is well`,
    measured: `${here.toFixed(1)} ms, ${there.toFixed(1)} ms: ${(here / there).toFixed(2)} x`,
    mustReach: '<= 1.05 x',
    holds: here <= there * 1.05 + PAUSES_MS,
  };
}

async function heavier(broken: Replica[], healthy: Replica): Promise<Figure> {
  const there = await usedHeap(healthy.service);
  const here = await Promise.all(broken.map(({ service }) => usedHeap(service)));
  const more = (Math.max(...here) - there) / MEBIBYTE;
  return {
    name: 'memory in use, more than with a backend that is well, at most',
    measured: `${more.toFixed(1)} MiB`,
    mustReach: '<= 20 MiB',
    holds: more <= 20,
  };
}

/** What happened to the spans, according to /health. */
async function losses(broken: Replica[], healthy: Replica, queue: number): Promise<Figure[]> {
  const there = await spans(healthy);
  // The last ones may not be sent yet.
  const ofARequest = Math.round((there.sent + there.dropped) / healthy.requests);
  const here = await Promise.all(broken.map(spans));
  const waiting = here.map(({ dropped }, index) => (broken[index]?.requests ?? 0) * ofARequest - dropped);
  const most = Math.max(...waiting);
  return [
    exactly('spans that a broken backend is said to have taken', sum(here.map(({ sent }) => sent)), 0),
    {
      name: `spans of ${healthy.requests} requests that /health does not count as dropped, most`,
      measured: String(most),
      mustReach: `<= ${queue}: they wait`,
      holds: most <= queue && here.every(({ dropped }) => dropped > 0),
    },
  ];
}

/** Milliseconds until spans arrive again. */
async function recovery(replica: Replica): Promise<number> {
  const before = (await spans(replica)).sent;
  await replica.backend.heal();
  const healed = performance.now();
  await eventually(async () => {
    // Without a request there may be no span.
    await replica.service.get('/inventory/check/5');
    if ((await spans(replica)).sent === before) throw new Error(`${replica.fault}: nothing was sent`);
  }, 30_000);
  return performance.now() - healed;
}

async function spans({ service }: Replica): Promise<{ sent: number; dropped: number }> {
  return (await service.get('/health')).body.telemetry.spans;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
