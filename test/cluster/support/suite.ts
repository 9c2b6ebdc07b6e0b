import type { Helm } from '../../chart/support/helm.ts';
import type { Addresses } from './addresses.ts';
import type { Release } from './release.ts';
import { expectStatus, send } from './requests.ts';

/** What every step uses. */
export interface Surroundings {
  readonly release: Release;
  readonly helm3: Helm;
  readonly helm4: Helm;
  readonly addresses: Addresses;
  /** Another release beside the first. */
  other(name: string): Release;
}

/** One row of the table: a sentence about what holds, and the numbers that prove it. */
export interface Step {
  readonly title: string;
  /** Whether it leaves settings or faults behind: the release is then reset to its defaults. */
  readonly leavesTraces?: boolean;
  /** @returns the numbers @throws what does not hold; `NotHere` if this cluster cannot show it */
  run(surroundings: Surroundings): Promise<string>;
}

/** This cluster lacks what the step tests. */
export class NotHere extends Error {}

interface Row {
  readonly title: string;
  readonly result: 'ok' | 'FAILED' | 'not here';
  readonly seconds: number;
  readonly detail: string;
}

/** Runs the steps in order, with a line for each as it ends. @returns whether all held */
export async function runSteps(steps: readonly Step[], surroundings: Surroundings): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [index, { title, leavesTraces, run }] of steps.entries()) {
    process.stdout.write(`${String(index + 1).padStart(2)}/${steps.length} ${title} … `);
    const started = performance.now();
    const outcome = await run(surroundings).then(
      (detail) => ({ result: 'ok', detail }) as const,
      (error: Error) =>
        ({ result: error instanceof NotHere ? 'not here' : 'FAILED', detail: error.message }) as const,
    );
    const seconds = (performance.now() - started) / 1_000;
    if (leavesTraces || (outcome.result === 'FAILED' && index > 0)) await toDefaults(surroundings);
    process.stdout.write(`${outcome.result}, ${seconds.toFixed(1)} s: ${outcome.detail}\n`);
    rows.push({ title, seconds, ...outcome });
    // Later steps would mean nothing.
    if (index === 0 && outcome.result === 'FAILED') break;
  }
  return rows;
}

async function toDefaults({ release, helm4, addresses }: Surroundings): Promise<void> {
  try {
    await release.apply(helm4, 'upgrade', 'replicaCount=1', 'defaults.control.type=NodePort');
    for (const service of ['product-service', 'inventory-service', 'order-service'] as const)
      await expectStatus(send(`${await addresses.of(release, `${service}-control`)}/demo/reset`, {}));
  } catch (error) {
    process.stdout.write(`   not back at its defaults: ${(error as Error).message}\n`);
  }
}

export function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ title }) => title.length));
  const lines = rows.map(
    ({ title, result, seconds, detail }) =>
      `${title.padEnd(width)}  ${result.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${detail.split('\n')[0]}`,
  );
  const count = (wanted: Row['result']) => rows.filter(({ result }) => result === wanted).length;
  return `\n${lines.join('\n')}\n\n${count('ok')} hold, ${count('FAILED')} failed, ${count('not here')} cannot be shown here\n`;
}
