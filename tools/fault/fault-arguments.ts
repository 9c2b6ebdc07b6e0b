import { forEachService } from '@app/configuration';
import { SERVICES, type ServiceKey, type Targets } from '@app/service-client';
import { UsageError, type Values } from '../command-line';
import { duration } from '../load/load-arguments';
import { readTargets, readUrl, SERVICE_OPTIONS } from '../service-options';

const VERBS = ['list', 'start', 'stop', 'status'] as const;

export interface FaultArguments {
  verb: (typeof VERBS)[number];
  /** The fault; always set for `start`. */
  name?: string;
  targets: Targets;
  /** The services that get the request. */
  services: readonly ServiceKey[];
  settings: Record<string, number | string>;
  json: boolean;
}

export const FAULT_OPTIONS = {
  service: { type: 'string' },
  set: { type: 'string', multiple: true },
  ttl: { type: 'string' },
  url: { type: 'string' },
  ...SERVICE_OPTIONS,
  json: { type: 'boolean', default: false },
} as const;

type FaultValues = Values<typeof FAULT_OPTIONS>;

/** @throws UsageError */
export function readFaultArguments(values: FaultValues, words: string[]): FaultArguments {
  const [word, name, ...rest] = words;
  const verb = VERBS.find((one) => one === word);
  if (!verb) throw new UsageError(word ? `there is no command ${word}` : 'a command is missing');
  if (rest.length > 0) throw new UsageError(`unknown argument ${rest[0]}`);
  if (verb === 'start' && !name)
    throw new UsageError('start needs the name of a fault: npm run fault -- list');
  if (name && (verb === 'list' || verb === 'status')) throw new UsageError(`unknown argument ${name}`);
  const settings = settingsOf(values.set ?? [], values.ttl);
  return { verb, name, settings, json: values.json, ...addressesOf(verb, values) };
}

function addressesOf(verb: FaultArguments['verb'], values: FaultValues) {
  const { service } = values;
  const named = SERVICES.find((key) => key === service);
  if (service !== undefined && !named)
    throw new UsageError(`--service is ${service}, it must be one of ${SERVICES.join(', ')}`);
  if (values.url !== undefined) {
    const one = readUrl('url', values.url);
    return {
      targets: forEachService(() => one),
      services: [named ?? 'inventory'] as const,
    };
  }
  const targets = readTargets(values);
  const usual: readonly ServiceKey[] = verb === 'start' ? ['inventory'] : SERVICES;
  return { targets, services: named ? [named] : usual };
}

/** The service checks the settings; here, only numbers become numbers. */
function settingsOf(pairs: readonly string[], ttl: string | undefined): Record<string, number | string> {
  const settings: Record<string, number | string> = {};
  for (const pair of pairs) {
    const [, key, text] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    if (!key || !text) throw new UsageError(`--set is ${JSON.stringify(pair)}, it must be key=value`);
    settings[key] = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  }
  if (ttl !== undefined) settings.ttl_seconds = duration('ttl', ttl);
  return settings;
}
