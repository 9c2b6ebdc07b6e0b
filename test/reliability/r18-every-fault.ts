import assert from 'node:assert/strict';
import { eventually } from '../support/eventually';
import { digestOfData, leftovers, stockOf } from '../support/leftovers';
import type { RunningService } from '../support/running-service';
import { SteadyRequests } from '../support/steady-requests';
import { System } from '../support/system';
import { distinct, exactly, within } from './figures';
import type { Figure, Row, Run } from './row';

const BUSY_MACHINE_MS = 10_000;
/** Milliseconds that a fault is given to be proven on the server. */
const PROVEN_WITHIN_MS = 15_000;
const TTL_S = 120;

interface Offered {
  name: string;
  acts_on: 'service' | 'database';
  available: boolean;
  example: object;
}

/** R18: the faults one after the other, and two at a time, switched on at one replica and off at the other. */
export const EVERY_FAULT: Row = {
  id: 'R18',
  claim: 'Every fault is proven each time, ends each time, at either replica, and leaves nothing behind',
  byTime: true,
  async measure(run) {
    // Without flushes, no commit could be slow.
    const system = await System.start({ settings: ['fsync=on'] });
    try {
      const replicas = (name: 'product' | 'inventory') =>
        Promise.all([system.service(name), system.service(name)]);
      const [product, inventory, order] = await Promise.all([
        replicas('product'),
        replicas('inventory'),
        system.service('order'),
      ]);
      for (const service of [...product, ...inventory, order])
        await eventually(async () => assert.equal((await service.get('/health')).body.status, 'ok'));
      let turn = 0;
      const requests = new SteadyRequests(product[0], () => inventory[turn++ % 2] as RunningService, order);
      const measured = new Faults(system, { product, inventory }, run);
      return await measured.underLoad(requests);
    } finally {
      await system.stop();
    }
  },
};

type Replicas = Record<'product' | 'inventory', [RunningService, RunningService]>;

/** Switches faults on and off, and counts what goes wrong. */
class Faults {
  private readonly proven: number[] = [];
  private readonly gone: number[] = [];
  private readonly unproven: string[] = [];
  private readonly left: string[] = [];
  private cycles = 0;
  private pairs = 0;
  private pairsProven = 0;

  constructor(
    private readonly system: System,
    private readonly replicas: Replicas,
    private readonly run: Run,
  ) {}

  async underLoad(requests: SteadyRequests): Promise<Figure[]> {
    const { system, run } = this;
    const { faults } = (await this.replicas.inventory[0].get('/demo/faults')).body as { faults: Offered[] };
    const available = faults.filter((fault) => fault.available);
    const chosen = run.full ? available : available.filter((_, index) => index % 4 === 0);
    const [stock, data] = [await stockOf(system), await digestOfData(system)];
    requests.start();
    for (const fault of chosen) {
      run.progress(fault.name);
      for (let cycle = 0; cycle < (run.full ? 10 : 2); cycle++) await this.cycle([fault], cycle);
    }
    for (const [index, fault] of chosen.entries()) {
      const other = chosen[(index + 1) % chosen.length] as Offered;
      run.progress(`${fault.name} and ${other.name}`);
      await this.cycle([fault, other], index);
    }
    await requests.stop();
    const taken = stock - (await stockOf(system));
    return [
      // Only npm start can restart the server.
      exactly(
        'not available here',
        distinct(names(faults.filter((fault) => !fault.available))),
        '1: server-restart',
      ),
      exactly(`not proven, of ${this.cycles} times`, distinct(this.unproven), 'none'),
      within('switched on until proven, slowest', Math.max(...this.proven), 5_000, BUSY_MACHINE_MS),
      within('switched off until nothing is left, slowest', Math.max(...this.gone), 2_000, BUSY_MACHINE_MS),
      exactly('left behind', distinct(this.left), 'none'),
      {
        name: `pairs of which both were proven at once, of ${this.pairs}`,
        measured: String(this.pairsProven),
        mustReach: 'for information: some exclude each other',
        holds: true,
      },
      exactly('data and settings of roles', changes(data, await digestOfData(system)), 'as before'),
      {
        name: 'pieces taken, and reserved according to the answers',
        measured: `${taken}, ${requests.reserved} of ${requests.tried} tries`,
        // A commit whose answer was lost counts as a failed one.
        mustReach: 'from the reserved to the tried',
        holds: taken >= requests.reserved && taken <= requests.tried,
      },
    ];
  }

  /** Switches them on at one replica, waits for the proof of either, and switches them off at the other. */
  private async cycle(faults: Offered[], turn: number): Promise<void> {
    const single = faults.length === 1;
    this.cycles += single ? 1 : 0;
    this.pairs += single ? 0 : 1;
    const from = performance.now();
    for (const fault of faults) {
      const { name, example } = fault;
      await this.at(fault, turn).post(`/demo/faults/${name}`, { ...example, ttl_seconds: TTL_S });
    }
    const missing = await this.missing(faults);
    if (single && missing.length === 0) this.proven.push(performance.now() - from);
    if (single) this.unproven.push(...missing);
    else if (missing.length === 0) this.pairsProven += 1;
    const stopped = performance.now();
    for (const fault of faults)
      await this.at(fault, turn + 1).get(`/demo/faults/${fault.name}`, { method: 'DELETE' });
    await eventually(async () => assert.deepEqual(await leftovers(this.system), []), BUSY_MACHINE_MS).then(
      () => this.gone.push(performance.now() - stopped),
      (error: Error) => this.left.push(`${names(faults).join(' and ')}: ${error.message}`),
    );
    for (const fault of faults)
      for (const replica of this.replicas[this.service(fault)])
        await eventually(async () => assert.equal((await stateOf(replica, fault)).enabled, false));
  }

  /** Those that neither replica has proven in time, with what they say. A pair that excludes itself is not waited for. */
  private async missing(faults: Offered[]): Promise<string[]> {
    const missing: string[] = [];
    for (const fault of faults) {
      const states = () =>
        Promise.all(this.replicas[this.service(fault)].map((replica) => stateOf(replica, fault)));
      await eventually(
        async () => assert.ok((await states()).some(({ effective }) => effective)),
        faults.length === 1 ? PROVEN_WITHIN_MS : PROVEN_WITHIN_MS / 3,
      ).catch(async () =>
        missing.push(`${fault.name}: ${(await states()).map(({ detail }) => detail).join('; ')}`),
      );
    }
    return missing;
  }

  /** Faults of a service run on one that has lists, because a fault may need them. */
  private service({ acts_on }: Offered): keyof Replicas {
    return acts_on === 'service' ? 'product' : 'inventory';
  }

  private at(fault: Offered, turn: number): RunningService {
    return this.replicas[this.service(fault)][turn % 2] as RunningService;
  }
}

function changes(before: object | undefined, after: object | undefined): string {
  const [was, is] = [JSON.stringify(before), JSON.stringify(after)];
  return was === is ? 'as before' : `${was} became ${is}`;
}

function names(faults: Offered[]): string[] {
  return faults.map(({ name }) => name);
}

async function stateOf(
  service: RunningService,
  { name }: Offered,
): Promise<{ enabled: boolean; effective?: boolean; detail?: string }> {
  const { faults } = (await service.get('/demo/status')).body;
  return faults.find(({ fault }: { fault: string }) => fault === name);
}
