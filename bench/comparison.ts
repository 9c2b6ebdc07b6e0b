import type { Child } from './child.ts';
import type { Database } from './database.ts';
import type { Order, Result } from './load-generator.ts';
import { cpuSeconds, residentMiB } from './machine.ts';
import type { Operation } from './operations.ts';
import { type Spread, spread } from './statistics.ts';
import { VARIANTS, type Variant } from './variants.ts';

const CONNECTIONS = 32;
/** Arrivals per second where latency is compared: far below saturation, so that it is the work that is seen. */
const FIXED_RATE = 600;
const LEAD_IN_SECONDS = 0.2;

/** How long and how often. */
export interface Effort {
  /** How often each process is started anew: the same program, compiled by chance in another way, differs by a fifth. */
  generations: number;
  /** Measurements of each of these processes. */
  rounds: number;
  /** Seconds of each measurement. */
  seconds: number;
  /** Seconds, twice, that each process is used before it is measured. */
  warmUp: number;
}

/** Figures of a variant, round by round, of all its processes. */
interface Rounds {
  variant: Variant;
  /** Microseconds of CPU per request, at saturation. */
  cpu: number[];
  /** Requests per second, at saturation. */
  rate: number[];
  /** Milliseconds, at the fixed rate. */
  p50: number[];
  p99: number[];
  /** Resident memory at the end of each generation. */
  memoryMiB: number[];
}

/** What was measured for one operation and one variant. */
export interface Compared {
  operation: Operation['name'];
  variant: Variant['key'];
  cpuMicroseconds: Spread;
  requestsPerSecond: Spread;
  p50: Spread;
  p99: Spread;
  /** Resident memory after all rounds of a process. */
  memoryMiB: Spread;
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
  { operations, ...effort }: Effort & { operations: Operation[] },
  progress: (text: string) => void,
): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const operation of operations) {
    const all: Rounds[] = VARIANTS.map((variant) => ({
      variant,
      cpu: [],
      rate: [],
      p50: [],
      p99: [],
      memoryMiB: [],
    }));
    const shares: number[] = [];
    for (let generation = 1; generation <= effort.generations; generation++) {
      const children: [Rounds, Child][] = [];
      for (const one of all)
        children.push([one, await one.variant.start(operation.service, keeping(database), sinkPort)]);
      await database.orders(operation.name === 'popular-products' ? 1_000 : 10);
      // Twice, with all others between: what was compiled for the first time gets compiled better at the second.
      for (const [, child] of [...children, ...children])
        await send(generator, child, operation, { seconds: effort.warmUp });
      for (let round = 1; round <= effort.rounds; round++) {
        const place = `process ${generation} of ${effort.generations}, round ${round} of ${effort.rounds}`;
        for (const [one, child] of children) {
          progress(`${operation.name}, ${place}, ${one.variant.key}`);
          shares.push(await measure(generator, one, child, operation, effort.seconds));
        }
        // What was created would make popular-products slower from round to round.
        if (operation.name === 'create') await database.orders(10);
      }
      for (const [{ memoryMiB }, child] of children) {
        memoryMiB.push(residentMiB(child.pid));
        await child.stop();
      }
    }
    for (const one of all) compared.push(summed(one, all, operation, spread(shares).median));
  }
  return compared;
}

/** As the peers' pool has it: while others have their turn no connection is closed, to be opened again in the next. */
export function keeping({ environment }: Database): Pick<Database, 'environment'> {
  return { environment: { ...environment, DB_POOL_IDLE_TIMEOUT_MS: '60000' } };
}

async function measure(
  generator: Child,
  one: Rounds,
  child: Child,
  operation: Operation,
  seconds: number,
): Promise<number> {
  // After its rest: what the others have put out of the caches comes back first.
  await send(generator, child, operation, { seconds: LEAD_IN_SECONDS });
  const before = cpuSeconds(child.pid);
  const saturated = await send(generator, child, operation, { seconds });
  one.cpu.push(((cpuSeconds(child.pid) - before) * 1e6) / saturated.answered);
  one.rate.push(saturated.answered / saturated.seconds);
  const fixed = await send(generator, child, operation, { seconds: 2 * seconds, rate: FIXED_RATE });
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
    memoryMiB: spread(one.memoryMiB),
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
