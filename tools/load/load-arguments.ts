import type { Behaviour } from '@app/load';
import { UsageError, type Values } from '../command-line';
import { readTargets, SERVICE_OPTIONS } from '../service-options';

const SECONDS_OF = { ms: 0.001, s: 1, m: 60, h: 3_600 };
const MOST_PER_SECOND = 1_000;
const MOST_RETRIES = 20;
const LONGEST_S = 24 * 3_600;

export const LOAD_OPTIONS = {
  rate: { type: 'string', default: '5' },
  duration: { type: 'string', default: '30s' },
  seed: { type: 'string', default: '1' },
  hot: { type: 'string', default: '0' },
  'give-up': { type: 'string' },
  retries: { type: 'string', default: '0' },
  backoff: { type: 'string' },
  'retry-budget': { type: 'string' },
  json: { type: 'boolean', default: false },
  ...SERVICE_OPTIONS,
} as const;

type LoadValues = Values<typeof LOAD_OPTIONS>;

/**
 * The arguments as numbers: `rate` in arrivals per second, `seconds`, `seed`, `targets`.
 *
 * @throws UsageError
 */
export function readLoadArguments(values: LoadValues) {
  return {
    rate: number('rate', values.rate, 0.1, MOST_PER_SECOND),
    seconds: duration('duration', values.duration),
    seed: number('seed', values.seed, 0, 2 ** 32 - 1),
    behaviour: readBehaviour(values),
    targets: readTargets(values),
    json: values.json,
  };
}

function readBehaviour(values: LoadValues): Behaviour {
  const { hot, 'give-up': giveUp, retries, backoff, 'retry-budget': budget } = values;
  if (retries === '0' && (backoff !== undefined || budget !== undefined))
    throw new UsageError('--backoff and --retry-budget are about retries: give --retries too');
  return {
    hot: hot === 'zipf' ? 'zipf' : number('hot', hot, 0, 1, 'zipf or '),
    giveUpMs: giveUp === undefined ? undefined : milliseconds('give-up', giveUp),
    retries: whole('retries', retries, 0, MOST_RETRIES),
    backoffMs: backoff === undefined ? 0 : milliseconds('backoff', backoff),
    retryBudget: budget === undefined ? undefined : percent('retry-budget', budget),
  };
}

function whole(name: string, value: string, min: number, max: number): number {
  const read = number(name, value, min, max);
  if (Number.isInteger(read)) return read;
  throw new UsageError(
    `--${name} is ${JSON.stringify(value)}, it must be a whole number from ${min} to ${max}`,
  );
}

function milliseconds(name: string, value: string): number {
  return duration(name, value) * 1_000;
}

/** A share. */
function percent(name: string, value: string): number {
  const [, amount] = /^(\d+(?:\.\d+)?)%$/.exec(value) ?? [];
  if (amount !== undefined && Number(amount) <= 100) return Number(amount) / 100;
  throw new UsageError(`--${name} is ${JSON.stringify(value)}, it must be a share such as 10%, at most 100%`);
}

function number(name: string, value: string, min: number, max: number, or = ''): number {
  const read = Number(value);
  if (value.trim() !== '' && read >= min && read <= max) return read;
  throw new UsageError(
    `--${name} is ${JSON.stringify(value)}, it must be ${or}a number from ${min} to ${max}`,
  );
}

/** Seconds. @throws UsageError */
export function duration(name: string, value: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(value) ?? [];
  const seconds = Number(amount) * SECONDS_OF[unit as keyof typeof SECONDS_OF];
  if (seconds > 0 && seconds <= LONGEST_S) return seconds;
  throw new UsageError(
    `--${name} is ${JSON.stringify(value)}, it must be a time such as 500ms, 60s, 10m or 2h`,
  );
}
