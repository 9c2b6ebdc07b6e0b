import {
  allChecks,
  type CheckedSystem,
  type CheckResult,
  type Observed,
  runCheck,
  withFaultsRestored,
} from '@app/checks';
import { ServiceClient } from '@app/service-client';
import { runCommand, say, type Values } from '../command-line';
import { CONSOLE_URL, readTargets, readUrl, SERVICE_OPTIONS } from '../service-options';
import { VERIFY_HELP } from './verify-help';
import { jsonReport, junitReport, tableEnd, tableLine } from './verify-report';

const OPTIONS = {
  ...SERVICE_OPTIONS,
  console: { type: 'string' },
  'every-fault': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  junit: { type: 'boolean', default: false },
} as const;
/** Milliseconds to wait for spans that are still on their way. */
const PATIENCE_MS = 10_000;
const TIMEOUT_MS = 5_000;

async function verify(values: Values<typeof OPTIONS>): Promise<void> {
  const { console, json, junit, 'every-fault': everyFault } = values;
  const targets = readTargets(values);
  const services = new ServiceClient(targets, process.env.CHAOS_TOKEN || undefined);
  const observed = observations(readUrl('console', console ?? CONSOLE_URL), console !== undefined);
  const results = await withFaultsRestored(services, () =>
    runAll({ services, observed, patienceMs: PATIENCE_MS }, everyFault, (result) => {
      if (!json && !junit) say(tableLine(result));
    }),
  );
  if (json) say(jsonReport(results));
  else if (junit) say(junitReport(results));
  else say(tableEnd(results));
  process.exitCode = results.some(({ state }) => state === 'failed') ? 1 : 0;
}

async function runAll(
  system: CheckedSystem,
  everyFault: boolean,
  done: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of await allChecks(system.services, everyFault)) {
    const result = await runCheck(check, system);
    results.push(result);
    done(result);
  }
  return results;
}

/** Asks the console what it has observed; a console that was named must answer. */
function observations(base: string, named: boolean): CheckedSystem['observed'] {
  return async () => {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(new URL('/api/checks/observed', base), { signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      return (await response.json()) as Observed;
    } catch (error) {
      if (named) throw new Error(`the console at ${base} does not answer: ${(error as Error).message}`);
      return undefined;
    }
  };
}

void runCommand({ help: VERIFY_HELP, options: OPTIONS, run: verify });
