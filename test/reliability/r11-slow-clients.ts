import { setTimeout } from 'node:timers/promises';
import type { Random } from '@app/load';
import { Load } from '../support/load';
import { quantile } from '../support/quantile';
import type { RunningService } from '../support/running-service';
import { type SlowClient, slowClients } from '../support/slow-clients';
import { freePort, System } from '../support/system';
import { exactly, within } from './figures';
import type { Figure, Row, Run } from './row';

const BODY = 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
/** What slow clients send first, what they then send with a byte a second, and when they must be cut off. */
const ATTACKS = [
  ['', '', 10_000],
  ['GET /health/live HTTP/1.1\r\nHost: x\r\n', '', 10_000],
  ['GET /health/live HTTP/1.1\r\nHost: x\r\n', 'a: b\r\n', 10_000],
  [`${BODY}Content-Length: 1000\r\n\r\n{`, '', 15_000],
  [`${BODY}Content-Length: 1000\r\n\r\n{`, ' ', 15_000],
  [`${BODY}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n', 15_000],
] as const;

/** Request lines and headers that are larger than 16 KiB, in one header, in many, and in the path. */
const TOO_LARGE = [
  `GET / HTTP/1.1\r\nHost: x\r\na: ${'x'.repeat(16_384)}\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: x\r\n${'a: b\r\n'.repeat(5_000)}\r\n`,
  `GET /${'x'.repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
];

const REQUESTS_PER_SECOND = 50;
/**
 * Milliseconds within which all slow clients connect: 600 a second at the service, where slowhttptest makes 50 by
 * default. Connecting all at one instant would measure something else: accepting 1,200 connections, and the headers of
 * half of them, is a third of a second of work for one thread, long before any limit on slow clients can matter.
 */
const ARRIVAL_MS = 2_000;
/** Milliseconds that a busy machine may add before a cut is seen. */
const BUSY_MS = 2_000;

export const SLOW_CLIENTS: Row = {
  id: 'R11',
  claim: 'Clients that take their time are cut off, and others do not notice them',
  byTime: true,
  async measure(run) {
    const system = await System.start();
    try {
      return await besiege(system, run);
    } finally {
      await system.stop();
    }
  },
};

async function besiege(system: System, { full, random, progress }: Run): Promise<Figure[]> {
  const otlpPort = await freePort();
  const [service, twin, console] = await Promise.all([
    system.service('inventory'),
    system.service('inventory'),
    system.service('console', { CONSOLE_OTLP_PORT: String(otlpPort), CONSOLE_LOAD_RATE: '0' }),
  ]);
  for (const one of [service, twin]) await load(one, random, setTimeout(1_000));
  const clients = full ? 200 : 20;
  progress(`${clients} slow clients of each kind`);
  const attackers = [
    ...attack(service.port, clients),
    // The console accepts no more than 200 connections from senders of telemetry.
    ...attack(console.port, full ? 30 : 5),
    ...attack(otlpPort, full ? 30 : 5),
  ];
  const siege = slowClients(attackers);
  const [besieged, atPeace] = await Promise.all([load(service, random, siege), load(twin, random, siege)]);
  const all = (await siege).map((cut, index) => ({ ...cut, limit: attackers[index]?.limit }));
  progress('headers that are too large');
  const refused = await slowClients(
    TOO_LARGE.flatMap((beginning) => arriving(full ? 100 : 10, { port: service.port, beginning })),
  );
  const last = (limit: number) =>
    Math.max(...all.filter((cut) => cut.limit === limit).map(({ afterMs }) => afterMs));
  // What was sent may be lost if the connection is reset.
  const answered = all.filter(({ answer }) => !/^HTTP\/1.1 408 |^$/.test(answer));
  const taken = refused.filter(({ answer }) => !/^HTTP\/1.1 431 |^$/.test(answer));
  return [
    within(`last of ${all.length / 2} cut without all of its headers`, last(10_000), 10_000, BUSY_MS),
    within(`last of ${all.length / 2} cut without all of its body`, last(15_000), 15_000, BUSY_MS),
    exactly('of them answered other than 408', answered.length, 0),
    exactly(`of ${refused.length} with more than 16 KiB of headers answered other than 431`, taken.length, 0),
    exactly('requests of others that failed', besieged.failures, 0),
    compared(full ? 0.99 : 0.9, atPeace.ms, besieged.ms),
    exactly(
      'processes alive',
      [service, twin, console].filter(({ process }) => process.exitCode === null).length,
      3,
    ),
  ];
}

function attack(port: number, clientsOfEachKind: number): (SlowClient & { limit: number })[] {
  return ATTACKS.flatMap(([beginning, rest, limit]) =>
    arriving(clientsOfEachKind, { port, beginning, rest, limit }),
  );
}

function arriving<Client>(count: number, client: Client): (Client & { delayMs: number })[] {
  return Array.from({ length: count }, (_, index) => ({ ...client, delayMs: (index / count) * ARRIVAL_MS }));
}

async function load(service: RunningService, random: Random, until: Promise<unknown>) {
  const load = new Load(REQUESTS_PER_SECOND, random, () => service.get('/inventory/check/5'));
  await until;
  const sent = await load.stop();
  return { ms: sent.map(({ ms }) => ms), failures: sent.filter(({ status }) => status !== 200).length };
}

/**
 * Measures both at the same time, so that whatever else the machine does affects both. In the short form, the 99th
 * percentile would be the seventh longest of 750, which the machine decides.
 */
function compared(share: number, atPeace: number[], besieged: number[]): Figure {
  const [here, there] = [quantile(besieged, share), quantile(atPeace, share)];
  return {
    name: `p${share * 100} of others, there and at a replica without slow clients`,
    measured: `${here.toFixed(1)} ms, ${there.toFixed(1)} ms`,
    mustReach: '<= 2 x',
    // Below that, one pause of the machine decides the percentile.
    holds: here <= there * 2 + 20,
  };
}
