import { parseArgs } from 'node:util';
import { ALL_CHECKS } from '../apps/console/src/checks/all-checks';
import { asFound } from '../apps/console/src/checks/as-found';
import { type CheckedSystem, type CheckResult, runCheck } from '../apps/console/src/checks/check';
import type { Observed } from '../apps/console/src/checks/observed';
import { ServiceClient } from '../apps/console/src/services/service-client';
import { UsageError, url } from './load-arguments';
import { VERIFY_HELP } from './verify-help';
import { jsonReport, junitReport, tableEnd, tableLine } from './verify-report';

const CONSOLE = 'http://localhost:30017';
/** Milliseconds to wait for spans that are still on their way. */
const PATIENCE_MS = 10_000;
const TIMEOUT_MS = 5_000;

async function main(): Promise<void> {
  const values = readArguments();
  if (values.help) return say(VERIFY_HELP);
  const { product, inventory, order, json, junit } = values;
  const targets = {
    product: url('product', product),
    inventory: url('inventory', inventory),
    order: url('order', order),
  };
  const services = new ServiceClient(targets, process.env.CHAOS_TOKEN || undefined);
  const observed = observations(url('console', values.console ?? CONSOLE), values.console !== undefined);
  const results = await asFound(services, () =>
    runAll({ services, observed, patienceMs: PATIENCE_MS }, (result) => {
      if (!json && !junit) say(tableLine(result));
    }),
  );
  if (json) say(jsonReport(results));
  else if (junit) say(junitReport(results));
  else say(tableEnd(results));
  process.exitCode = results.some(({ state }) => state === 'failed') ? 1 : 0;
}

async function runAll(system: CheckedSystem, done: (result: CheckResult) => void): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of ALL_CHECKS) {
    const result = await runCheck(check, system);
    results.push(result);
    done(result);
  }
  return results;
}

/** Asks the console what it has seen; one that was named must be there. */
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

function readArguments() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      options: {
        product: { ...text, default: 'http://localhost:30010' },
        inventory: { ...text, default: 'http://localhost:30015' },
        order: { ...text, default: 'http://localhost:30016' },
        console: text,
        json: flag,
        junit: flag,
        help: { ...flag, short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  const usage = error instanceof UsageError;
  process.stderr.write(usage ? `${error.message}\n\n${VERIFY_HELP}\n` : `${error}\n`);
  process.exitCode = usage ? 2 : 1;
});
