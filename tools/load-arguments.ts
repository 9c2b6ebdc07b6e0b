import { parseArgs } from 'node:util';
import type { Targets } from '../apps/console/src/services/service-targets';

/** What is wrong with the arguments, for the person who typed them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface LoadArguments {
  /** Arrivals per second. */
  rate: number;
  seconds: number;
  seed: number;
  targets: Targets;
  json: boolean;
}

const SECONDS_OF = { ms: 0.001, s: 1, m: 60, h: 3_600 };
const MOST_PER_SECOND = 1_000;
const LONGEST_S = 24 * 3_600;

/** @throws UsageError */
export function readLoadArguments(args: string[]): LoadArguments | 'help' {
  const { values } = parsed(args);
  if (values.help) return 'help';
  const { product, inventory, order, json } = values;
  const targets = {
    product: url('product', product),
    inventory: url('inventory', inventory),
    order: url('order', order),
  };
  return {
    rate: number('rate', values.rate, 0.1, MOST_PER_SECOND),
    seconds: duration(values.duration),
    seed: number('seed', values.seed, 0, 2 ** 32 - 1),
    targets,
    json,
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        rate: { type: 'string', default: '5' },
        duration: { type: 'string', default: '30s' },
        seed: { type: 'string', default: '1' },
        product: { type: 'string', default: 'http://localhost:30010' },
        inventory: { type: 'string', default: 'http://localhost:30015' },
        order: { type: 'string', default: 'http://localhost:30016' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** @throws UsageError */
export function url(name: string, value: string): string {
  const protocol = URL.parse(value)?.protocol;
  if (protocol === 'http:' || protocol === 'https:') return value;
  throw new UsageError(
    `--${name} is ${JSON.stringify(value)}, it must be a URL such as http://localhost:30010`,
  );
}

function number(name: string, value: string, min: number, max: number): number {
  const read = Number(value);
  if (value.trim() !== '' && read >= min && read <= max) return read;
  throw new UsageError(`--${name} is ${JSON.stringify(value)}, it must be a number from ${min} to ${max}`);
}

/** Seconds. */
function duration(value: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(value) ?? [];
  const seconds = Number(amount) * SECONDS_OF[unit as keyof typeof SECONDS_OF];
  if (seconds > 0 && seconds <= LONGEST_S) return seconds;
  throw new UsageError(
    `--duration is ${JSON.stringify(value)}, it must be a time such as 500ms, 60s, 10m or 2h`,
  );
}
