import { setTimeout } from 'node:timers/promises';
import type { ServiceKey } from '@app/configuration';
import { Load } from '../support/load';
import type { RunningService } from '../support/running-service';
import { System } from '../support/system';
import { AlertRehearsal } from './alert-rehearsal';
import { exactly } from './figures';
import type { Figure, Row, Run } from './row';

const EXHAUSTED = 'DatabaseConnectionBudgetExhausted';
/** Alerts that also fire while no connection is left, for as long as there are requests. */
const OUTAGE = ['DatabaseConnectionsAwaited', 'DatabaseConnectionTimeouts', 'DatabaseStatementsFailing'];
const SLOW = 'DatabaseStatementsSlow';
const GIVE_UP_MS = 500;
const CALL_EVERY_MS = 100;

/**
 * For each kind of failure that metrics can tell: its alert, the fault, the services that it is switched on at. Deadlocks
 * are missing: no request of the services takes two locks, so none of them is the one that PostgreSQL ends.
 */
const CLASSES: { alert: string; fault: string; at: ServiceKey[]; settings?: object }[] = [
  { alert: 'DatabaseLockTimeouts', fault: 'lock-queue', at: ['inventory'], settings: { patience_ms: 5_000 } },
  { alert: 'DatabaseStatementsCancelled', fault: 'statement-timeout', at: ['product'] },
  {
    alert: 'DatabaseSessionsEnded',
    fault: 'sessions-killed',
    at: ['inventory'],
    settings: { every_ms: 500 },
  },
  {
    alert: 'DatabaseConnectionsLost',
    fault: 'network-half-open',
    at: ['product'],
    settings: { percent: 100 },
  },
  {
    alert: 'DatabasePoolTooSmall',
    fault: 'pool-too-small',
    at: ['product'],
    settings: { statement_ms: 600 },
  },
  { alert: 'DatabaseConnectionsKept', fault: 'connection-leak', at: ['product'] },
  { alert: 'DatabaseConnectionsHeldIdle', fault: 'transaction-across-call', at: ['product'] },
  { alert: 'DatabaseStatementsPerRequest', fault: 'n-plus-one', at: ['product'] },
  { alert: 'DatabaseEveryStatementSlow', fault: 'network-latency', at: ['product', 'inventory', 'order'] },
  {
    alert: 'DatabaseCallersGiveUp',
    fault: 'pool-exhaustion',
    at: ['inventory'],
    settings: { connections: 100 },
  },
];

export const ALERTS: Row = {
  id: 'R16',
  claim: 'The alerts that are shipped fire when the pool is exhausted, and only then',
  byTime: false,
  async measure(run) {
    const system = await System.start();
    try {
      return await rehearse(system, run);
    } finally {
      await system.stop();
    }
  },
};

/** In the short form, the clock of the rehearsal runs ten times as fast, with every interval and time of the rules. */
async function rehearse(system: System, { full, random, progress }: Run): Promise<Figure[]> {
  const environment: Record<string, string> = full ? {} : { DB_ACQUIRE_TIMEOUT_MS: '200' };
  const services = await Promise.all([
    system.service('product', environment),
    system.service('inventory', environment),
    system.service('order', environment),
  ]);
  const [product, inventory, order] = services;
  const load = new Load(full ? 10 : 20, random, () => {
    if (random.next() < 0.3) return order.get('/orders/popular-products');
    return random.next() < 0.5 ? product.get('/products') : inventory.get('/inventory/check/5');
  });
  const speed = full ? 1 : 10;
  const rehearsal = new AlertRehearsal(services, speed, random);
  try {
    progress('baseline');
    await setTimeout(full ? 60_000 : 3_000);
    const atBaseline = [...rehearsal.everFired];

    progress('exhausted');
    await inventory.post('/demo/simulate-pool-exhaustion', { connections: 100 });
    const firesAfter = await rehearsal.until('fire', [EXHAUSTED], 120);
    const outageAfter = full ? firesAfter + (await rehearsal.until('fire', OUTAGE, 120)) : undefined;

    progress('reset');
    await inventory.post('/demo/reset');
    const clearsAfter = await rehearsal.until('silent', [EXHAUSTED], 120);
    // Two seconds of a busy machine are more on a faster clock.
    const room = 2 * speed;
    const figures = [
      exactly('alerts over the baseline', atBaseline.join() || 'none', 'none'),
      onTime('the exhausted budget fires', firesAfter, 60, room),
      onTime('and clears', clearsAfter, 60, room),
    ];
    if (outageAfter === undefined) return figures;

    const silentAfter = clearsAfter + (await rehearsal.until('silent', rehearsal.alerts.names, 180));
    progress('slow');
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 2_900 });
    const slowAfter = await rehearsal.until('fire', [SLOW], 180);
    await inventory.post('/demo/reset');
    const classes = await rehearseClasses({ product, inventory, order }, rehearsal, progress);
    return [
      ...figures,
      // Both use the rate of the last minute.
      onTime('waiting, timeouts and failures fire', outageAfter, 120),
      onTime('all alerts are silent after the reset', silentAfter, 120),
      onTime('slow statements fire', slowAfter, 120),
      ...classes,
    ];
  } finally {
    rehearsal.stop();
    await load.stop();
  }
}

/** Switches on the fault of each alert until it fires, with callers who do not wait long. */
async function rehearseClasses(
  services: Record<ServiceKey, RunningService>,
  rehearsal: AlertRehearsal,
  progress: Run['progress'],
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const impatient = new ImpatientCallers(services.product);
  try {
    for (const { alert, fault, at, settings } of CLASSES) {
      progress(`${fault}: ${alert}`);
      await rehearsal.until('silent', [alert], 180);
      for (const name of at)
        await services[name].post(`/demo/faults/${fault}`, { ...settings, ttl_seconds: 300 });
      figures.push(onTime(`${fault} fires ${alert}`, await rehearsal.until('fire', [alert], 180), 120));
      for (const name of at) await services[name].get(`/demo/faults/${fault}`, { method: 'DELETE' });
    }
    const all = rehearsal.alerts.names;
    return [...figures, onTime('all are silent afterwards', await rehearsal.until('silent', all, 240), 180)];
  } finally {
    impatient.stop();
  }
}

/** Some callers leave after half a second, and come again. */
class ImpatientCallers {
  private readonly timer: NodeJS.Timeout;

  constructor(service: RunningService) {
    this.timer = setInterval(() => {
      const signal = AbortSignal.timeout(GIVE_UP_MS);
      void service.get('/products/5', { signal }).catch(() => undefined);
    }, CALL_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

function onTime(name: string, after: number, limit: number, room = 0): Figure {
  return {
    name: `${name}, on the clock of the alerts`,
    measured: Number.isFinite(after) ? `${after.toFixed(0)} s` : 'never',
    mustReach: `<= ${limit} s`,
    holds: after <= limit + room,
  };
}
