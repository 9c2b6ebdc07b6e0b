import type { Child } from './child.ts';
import type { Database } from './database.ts';
import type { Order, Result } from './load-generator.ts';
import { cpuSeconds, residentMiB } from './machine.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { type Spread, spread } from './statistics.ts';
import { VARIANTS, type Variant } from './variants.ts';

const CONNECTIONS = 32;
/** Arrivals per second where latency is compared: far below saturation, so that it is the work that is seen. */
const FIXED_RATE = 600;

/** How long and how often. */
export interface Effort {
  rounds: number;
  /** Seconds of each measurement. */
  seconds: number;
  /** Seconds that each process is used before it is measured. */
  warmUp: number;
}

/** Figures of a variant, round by round. */
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

/** What was measured for one operation and one variant. */
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

/** Every variant of every operation, in turn in each round, so that what changes with time changes for all. */
export async function compare(
  database: Database,
  sinkPort: number,
  generator: Child,
  effort: Effort,
  progress: (text: string) => void,
): Promise<Compared[]> {
  // As the peers' pool has it: while the others have their turn no connection is closed, to be opened again in the next.
  const keeping = { environment: { ...database.environment, DB_POOL_IDLE_TIMEOUT_MS: '60000' } };
  const compared: Compared[] = [];
  for (const operation of OPERATIONS) {
    const all: Rounds[] = [];
    for (const variant of VARIANTS) {
      const child = await variant.start(operation.service, keeping, sinkPort);
      all.push({ variant, child, cpu: [], rate: [], p50: [], p99: [] });
    }
    const shares: number[] = [];
    await database.orders(operation.name === 'popular-products' ? 1_000 : 10);
    for (const { child } of all) await send(generator, child, operation, { seconds: effort.warmUp });
    for (let round = 1; round <= effort.rounds; round++) {
      for (const one of all) {
        progress(`${operation.name}, round ${round} of ${effort.rounds}, ${one.variant.key}`);
        shares.push(await measure(generator, one, operation, effort.seconds));
      }
      // What was created would make popular-products slower from round to round.
      if (operation.name === 'create') await database.orders(10);
    }
    for (const one of all) compared.push(summed(one, all, operation, spread(shares).median));
    for (const { child } of all) await child.stop();
  }
  return compared;
}

async function measure(
  generator: Child,
  one: Rounds,
  operation: Operation,
  seconds: number,
): Promise<number> {
  const before = cpuSeconds(one.child.pid);
  const saturated = await send(generator, one.child, operation, { seconds });
  one.cpu.push(((cpuSeconds(one.child.pid) - before) * 1e6) / saturated.answered);
  one.rate.push(saturated.answered / saturated.seconds);
  const fixed = await send(generator, one.child, operation, { seconds: 2 * seconds, rate: FIXED_RATE });
  one.p50.push(fixed.p50);
  one.p99.push(fixed.p99);
  return saturated.cpuShare;
}

/** @throws when a request failed: a comparison of failures would say nothing */
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
  const against = (figures: (rounds: Rounds) => number[], other: Rounds) =>
    spread(figures(one).map((figure, round) => figure / (figures(other)[round] as number)));
  return {
    operation: operation.name,
    variant: one.variant.key,
    cpuMicroseconds: spread(one.cpu),
    requestsPerSecond: spread(one.rate),
    p50: spread(one.p50),
    p99: spread(one.p99),
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
