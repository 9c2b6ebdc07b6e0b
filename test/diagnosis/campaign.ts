import { setTimeout } from 'node:timers/promises';
import { type Diagnosis, Diagnostician, type Features, type Subject } from '@app/diagnosis';
import { Observer, sampleOf } from '@app/observer';
import { Client } from 'pg';
import { makeFault } from './made-fault';
import type { Trial, Truth } from './trial';
import type { World } from './world';

const POLL_EVERY_MS = 500;
/** Seconds of rest before a trial at least, and of the trial unless it has its own length. */
const REST_S = 6;
const TRIAL_S = 8;
/** Milliseconds after the end of a trial in which its signs may be seen: the window of the diagnosis, and a margin. */
const AFTERMATH_MS = 6_000;

/** The conditions of a trial. */
export interface Conditions {
  setting: number;
  seed: number;
  /** Arrivals a second. */
  rate: number;
}

/** The result of one trial. */
export interface Result {
  trial: string;
  truth: Truth;
  setting: number;
  seed: number;
  /** Why the fault had not taken effect at the end of the trial, by the product itself; it is then not scored. */
  notMade?: string;
  /** The names reported at its end, in order. */
  told: string[];
  /** Milliseconds from its start until its name was reported, and until it was reported first for the rest of the trial. */
  namedAfterMs?: number;
  firstForGoodAfterMs?: number;
  /** Milliseconds from its end until its name was gone. */
  goneAfterMs?: number;
  /** What was reported in the rest before it. */
  falseAlarms: string[];
  /** Everything that was reported during it, in order of appearance. */
  appeared: string[];
  windows: { now?: Features; rest?: Features };
  subject: Subject;
  on: number;
  off: number;
}

/** Polls a world as the console does, and remembers what was reported. */
export class Watcher {
  readonly told: Diagnosis[] = [];
  readonly diagnostician: Diagnostician;
  readonly subject: Subject;
  private readonly observer: Observer;
  private on = true;
  private readonly polling: Promise<void>;

  constructor(world: World) {
    const { product, inventory, order } = world.services;
    this.subject = {
      role: world.system.settings.user,
      controlRole: world.system.settings.controlUser,
      budget: world.system.settings.connectionBudget,
    };
    this.diagnostician = new Diagnostician(this.subject);
    this.observer = new Observer(
      {
        database: () =>
          new Client({
            ...world.observer,
            application_name: 'campaign',
            connectionTimeoutMillis: 2_000,
            query_timeout: 2_000,
          }),
        metrics: {
          'product-service': `${product.url}/metrics`,
          'inventory-service': `${inventory.url}/metrics`,
          'order-service': `${order.url}/metrics`,
        },
        ignoredRoutes: ['/demo', '/health', '/metrics'],
      },
      this.subject.role,
    );
    this.polling = this.poll();
  }

  async stop(): Promise<void> {
    this.on = false;
    await this.polling;
    await this.observer.end();
  }

  private async poll(): Promise<void> {
    for (let polls = 0; this.on; polls++) {
      const due = performance.now() + POLL_EVERY_MS;
      const sample = sampleOf(await this.observer.observe(polls % 2 === 0));
      this.told.push(this.diagnostician.take(sample));
      await setTimeout(Math.max(0, due - performance.now()));
    }
  }
}

/** Runs the rest, the trial, and its aftermath. */
export async function runTrial(
  world: World,
  watcher: Watcher,
  trial: Trial,
  { setting, seed, rate }: Conditions,
): Promise<Result> {
  await trial.prepare?.(world, setting);
  const load = world.load(rate, seed);
  await atRest(watcher);
  const restFrom = Date.now();
  await setTimeout(REST_S * 1_000);
  const asked = Date.now();
  const fault = trial.fault && (await makeFault(world, trial.fault, setting));
  const on = fault?.startedAt ?? asked;
  const stop = fault?.stop ?? (await trial.start?.(world, setting));
  await setTimeout(Math.max(0, on + (trial.seconds ?? TRIAL_S) * 1_000 - Date.now()));
  const windows = watcher.diagnostician.windows;
  const told = watcher.diagnostician.diagnosis.findings.map(({ name }) => name);
  const notMade = await fault?.notMade();
  const off = Date.now();
  await stop?.();
  await setTimeout(AFTERMATH_MS);
  load.setRate(0);
  await load.finished();
  const between = (from: number, to: number) =>
    watcher.told.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < to);
  const during = between(on, off);
  return {
    subject: watcher.subject,
    ...{ trial: trial.name, truth: trial.truth, setting, seed, told, windows, on, off, notMade },
    ...timesOf(trial.truth, during, on),
    goneAfterMs: goneAfter(trial.truth, between(off, Date.now()), off),
    falseAlarms: namesIn(between(restFrom, asked)),
    appeared: namesIn(during),
  };
}

/** Waits until nothing has been reported for a while, so that the previous trial does not affect this one. */
async function atRest(watcher: Watcher): Promise<void> {
  const deadline = Date.now() + 15_000;
  const calm = () => watcher.told.slice(-6).every(({ findings }) => findings.length === 0);
  while (Date.now() < deadline && !(watcher.told.length > 6 && calm())) await setTimeout(POLL_EVERY_MS);
}

function timesOf(truth: Truth, during: readonly Diagnosis[], on: number) {
  const named = during.find(({ findings }) => findings.some(({ name }) => name === truth));
  const lastOther = during.findLastIndex(({ findings }) => findings[0]?.name !== truth);
  const forGood = during[lastOther + 1];
  return {
    namedAfterMs: named && Date.parse(named.at) - on,
    firstForGoodAfterMs: forGood && Date.parse(forGood.at) - on,
  };
}

function goneAfter(truth: Truth, after: readonly Diagnosis[], off: number): number | undefined {
  const gone = after.find(({ findings }) => !findings.some(({ name }) => name === truth));
  return gone && Date.parse(gone.at) - off;
}

function namesIn(told: readonly Diagnosis[]): string[] {
  return [...new Set(told.flatMap(({ findings }) => findings.map(({ name }) => name)))];
}
