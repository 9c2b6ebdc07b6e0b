import type { Child } from './child.ts';
import type { Database } from './database.ts';
import type { Order, Result } from './load-generator.ts';
import { cpuSeconds, residentMiB } from './machine.ts';
import type { Operation } from './operations.ts';
import { middleHalf, type Spread } from './statistics.ts';
import { VARIANTS, type Variant } from './variants.ts';

const CONNECTIONS = 16;
/** Arrivals per second for comparing latency: far below saturation, so that the work itself is what is measured. */
const FIXED_RATE = 600;
/** Seconds of use at the beginning of a turn, to bring back what others have displaced from the caches. */
export const LEAD_IN_SECONDS = 0.1;
/** A machine with neighbours changes its pace within seconds, so turns are short and many. */
export const TURN_SECONDS = 0.3;
const FIXED_RATE_SECONDS = 0.5;

/** How long and how often. */
export interface Effort {
  /** Turns of each process at saturation. */
  rounds: number;
  /** Seconds, twice, that each process is used beforehand: with less, the compiler would be measured. */
  warmUp: number;
}

/** Numbers of a variant, round by round. */
interface Rounds {
  variant: Variant;
  child: Child;
  /** Microseconds of CPU per request, at saturation. */
  cpu: number[];
  /** Requests per second, at saturation. */
  rate: number[];
  /** Milliseconds, at the fixed rate. */
  p50: number[];
  p99: number[];
}

/** What was measured for one operation and one variant: the median, and the interval that contains half of the numbers. */
export interface Compared {
  operation: Operation['name'];
  variant: Variant['key'];
  cpuMicroseconds: Spread;
  requestsPerSecond: Spread;
  p50: Spread;
  p99: Spread;
  /** Resident memory after all rounds. */
  memoryMiB: number;
  /** Ratios within each round, to every variant: of CPU per request, requests per second and p99. */
  ratios: Partial<Record<Variant['key'], { cpu: Spread; rate: Spread; p99: Spread }>>;
  /** Share of a core that the load generator used itself, at saturation. */
  generatorShare: number;
}

/** Measures every variant of every operation, in turn in each round, so that what changes with time changes for all. */
export async function compare(
  database: Database,
  sinkPort: number,
  generator: Child,
  {
    operations,
    rounds,
    fixedRateRounds,
    warmUp,
  }: Effort & {
    operations: Operation[];
    /** Turns of each process at the fixed rate. */
    fixedRateRounds: number;
  },
  progress: (text: string) => void,
): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const operation of operations) {
    progress(`${operation.name}, each variant starts and is used`);
    const all: Rounds[] = [];
    for (const variant of VARIANTS) {
      const child = await variant.start(operation.service, keeping(database), sinkPort);
      all.push({ variant, child, cpu: [], rate: [], p50: [], p99: [] });
    }
    await database.orders(operation.name === 'popular-products' ? 1_000 : 10);
    // Twice, with all others in between: code that was compiled the first time is compiled better the second time.
    for (const { child } of [...all, ...all]) await send(generator, child, operation, { seconds: warmUp });
    const shares: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`${operation.name}, round ${round} of ${rounds}`);
      for (const one of all) shares.push(await saturate(generator, one, operation));
    }
    for (let round = 1; round <= fixedRateRounds; round++) {
      progress(`${operation.name}, round ${round} of ${fixedRateRounds} at ${FIXED_RATE} a second`);
      for (const one of all) await arrive(generator, one, operation);
    }
    for (const one of all) compared.push(summed(one, all, operation, middleHalf(shares).median));
    for (const { child } of all) await child.stop();
  }
  return compared;
}

/** As in the peers' pool: while others have their turn, no connection is closed, only to be opened again in the next. */
export function keeping({ environment }: Database): Pick<Database, 'environment'> {
  return { environment: { ...environment, DB_POOL_IDLE_TIMEOUT_MS: '60000' } };
}

/** A turn at saturation. @returns the share of a core that the load generator itself used */
async function saturate(generator: Child, one: Rounds, operation: Operation): Promise<number> {
  const { child } = one;
  await send(generator, child, operation, { seconds: LEAD_IN_SECONDS });
  const before = cpuSeconds(child.pid);
  const { answered, seconds, cpuShare } = await send(generator, child, operation, { seconds: TURN_SECONDS });
  one.cpu.push(((cpuSeconds(child.pid) - before) * 1e6) / answered);
  one.rate.push(answered / seconds);
  return cpuShare;
}

async function arrive(generator: Child, one: Rounds, operation: Operation): Promise<void> {
  await send(generator, one.child, operation, { seconds: LEAD_IN_SECONDS });
  const { p50, p99 } = await send(generator, one.child, operation, {
    seconds: FIXED_RATE_SECONDS,
    rate: FIXED_RATE,
  });
  one.p50.push(p50);
  one.p99.push(p99);
}

/** @throws if a request failed: a comparison of failures would say nothing */
export async function send(
  generator: Child,
  child: Child,
  { name, requests }: { name: string; requests: string[] },
  how: Pick<Order, 'seconds' | 'rate'> & { connections?: number },
  expected?: number,
): Promise<Result> {
  const order: Order = { port: child.greeting.port, requests, connections: CONNECTIONS, expected, ...how };
  const result = await generator.ask<Result>(order);
  if (result.failed > 0) throw new Error(`${name}: ${result.failed} of ${result.answered} requests failed`);
  return result;
}

function summed(one: Rounds, all: Rounds[], operation: Operation, generatorShare: number): Compared {
  const against = (pick: (rounds: Rounds) => number[], other: Rounds) =>
    middleHalf(pick(one).map((value, round) => value / (pick(other)[round] as number)));
  return {
    operation: operation.name,
    variant: one.variant.key,
    cpuMicroseconds: middleHalf(one.cpu),
    requestsPerSecond: middleHalf(one.rate),
    p50: middleHalf(one.p50),
    p99: middleHalf(one.p99),
    memoryMiB: residentMiB(one.child.pid),
    generatorShare,
    ratios: Object.fromEntries(
      all.map((other) => [
        other.variant.key,
        {
          cpu: against(({ cpu }) => cpu, other),
          rate: against(({ rate }) => rate, other),
          p99: against(({ p99 }) => p99, other),
        },
      ]),
    ),
  };
}
