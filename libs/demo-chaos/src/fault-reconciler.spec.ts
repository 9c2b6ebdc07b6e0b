import { EventEmitter } from 'node:events';
import type { Configuration } from '@app/configuration';
import { type BudgetView, type ControlConnection, INSTANCE, type SharedBudget } from '@app/database';
import { DeclaredFaults, FAULTS_CHANGED } from './declared-faults';
import { type Declaration, Fault } from './fault';
import type { FaultList } from './fault-list';
import { FaultReconciler } from './fault-reconciler';
import type { FaultReports } from './fault-reports';
import { FaultsInForce } from './faults-in-force';

const SERVICE = 'inventory-service';

/** A fault that remembers the declarations it received. */
class PlayedFault extends Fault {
  readonly title = '';
  readonly kind = 'pool';
  readonly summary = '';
  readonly settings = Object;
  readonly applied: (Declaration | undefined)[] = [];
  works = true;
  isOver = false;

  constructor(readonly name: string) {
    super();
  }

  async apply(declaration: Declaration | undefined): Promise<boolean> {
    this.applied.push(declaration);
    return this.works || declaration === undefined;
  }

  effect() {
    return { asked: {}, detail: '' };
  }

  override watch(): boolean {
    return this.isOver;
  }
}

function declared(fault: string, expires_in_ms = 60_000): Declaration {
  return { fault, settings: {}, started_at: new Date(0), expires_in_ms };
}

describe('the reconciler', () => {
  const control = new EventEmitter();
  const budget = Object.assign(new EventEmitter(), { refresh: jest.fn() });
  let slow: PlayedFault;
  let held: PlayedFault;
  let table: Declaration[];
  let read: jest.Mock<Promise<Declaration[]>>;
  let withdraw: jest.Mock<Promise<void>, [string?]>;
  let declaredFaults: DeclaredFaults;
  let reports: { started: jest.Mock; stopped: jest.Mock };
  let inForce: FaultsInForce;
  let reconciler: FaultReconciler;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    control.removeAllListeners();
    budget.removeAllListeners();
    [slow, held] = [new PlayedFault('slow'), new PlayedFault('held')];
    table = [];
    read = jest.fn(async () => table);
    withdraw = jest.fn(async () => undefined);
    declaredFaults = {
      ...{ read, withdraw, withdrawLeftovers: jest.fn(), withdrawExpired: jest.fn(async () => undefined) },
      unknownBecause: undefined,
    } as unknown as DeclaredFaults;
    reports = { started: jest.fn(), stopped: jest.fn() };
    made();
  });
  afterEach(() => jest.useRealTimers());

  function made(configuration: Partial<Configuration> = {}): void {
    const faults = { all: [slow, held] } as unknown as FaultList;
    inForce = new FaultsInForce(faults);
    reconciler = new FaultReconciler(
      faults,
      declaredFaults,
      inForce,
      { ...reports, reportEffects: () => undefined } as unknown as FaultReports,
      control as unknown as ControlConnection,
      budget as unknown as SharedBudget,
      { SERVICE_NAME: SERVICE, CHAOS_ENABLED: true, ...configuration } as Configuration,
    );
  }

  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('makes each fault match the table when the control connection is up', async () => {
    table = [declared('slow')];
    control.emit('up');
    await pass(1);
    expect(slow.applied).toEqual([table[0]]);
    expect(held.applied).toEqual([undefined]);
    expect(inForce.has('slow')).toBe(true);
    expect(reports.started).toHaveBeenCalledTimes(1);
  });

  it('ends what is no longer declared, when a notice for its service says that something changed', async () => {
    table = [declared('slow')];
    await reconciler.reconcile();
    table = [];
    control.emit('notice', { topic: FAULTS_CHANGED, service: 'order-service' });
    await pass(1);
    expect(inForce.has('slow')).toBe(true);
    control.emit('notice', { topic: FAULTS_CHANGED, service: SERVICE });
    await pass(1);
    expect(slow.applied.at(-1)).toBeUndefined();
    expect(inForce.any).toBe(false);
    expect(reports.stopped).toHaveBeenCalledTimes(1);
  });

  it('reads once for all callers while it is working', async () => {
    const first = reconciler.reconcile();
    await Promise.all([first, reconciler.reconcile(), reconciler.reconcile()]);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('applies a change before any other begins', async () => {
    const order: string[] = [];
    read.mockImplementation(async () => {
      order.push('read');
      return table;
    });
    const change = (name: string) => reconciler.change(async () => void order.push(name));
    await Promise.all([change('one'), change('other')]);
    expect(order).toEqual(['one', 'read', 'other', 'read']);
  });

  it('applies what the table contains even when a change fails halfway, and says why it failed', async () => {
    const failing = reconciler.change(async () => {
      table = [declared('slow')];
      throw new Error('no room');
    });
    await expect(failing).rejects.toThrow('no room');
    expect(inForce.has('slow')).toBe(true);
    await expect(reconciler.reconcile()).resolves.toBeUndefined();
  });

  it('withdraws a fault that cannot be applied, and one whose watch says that it is over', async () => {
    table = [declared('slow')];
    slow.works = false;
    await reconciler.reconcile();
    expect(withdraw.mock.calls).toEqual([['slow']]);
    slow.isOver = true;
    budget.emit('view', {} as BudgetView);
    expect(withdraw.mock.calls).toEqual([['slow'], ['slow']]);
  });

  it('ends a fault when its time is over, although PostgreSQL cannot be reached', async () => {
    table = [declared('slow', 5_000)];
    await reconciler.reconcile();
    read.mockRejectedValue(new Error('away'));
    jest.mocked(declaredFaults.withdrawExpired).mockRejectedValue(new Error('away'));
    await pass(4_999);
    expect(inForce.has('slow')).toBe(true);
    await pass(2);
    expect(inForce.has('slow')).toBe(false);
    expect(slow.applied.at(-1)).toBeUndefined();
  });

  it('retries reading a table that could not be read, once a second at most', async () => {
    declaredFaults.unknownBecause = 'it could not be read';
    read.mockRejectedValue(new Error('permission denied'));
    await reconciler.reconcile().catch(() => undefined);
    const views = async (ms: number) => {
      for (let at = 0; at < ms; at += 100) {
        budget.emit('view', {} as BudgetView);
        await pass(100);
      }
    };
    await views(900);
    expect(read).toHaveBeenCalledTimes(1);
    await views(300);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('applies nothing if faults are not allowed', async () => {
    made({ CHAOS_ENABLED: false });
    table = [declared('slow')];
    await reconciler.reconcile();
    expect(read).not.toHaveBeenCalled();
    expect(slow.applied).toEqual([undefined]);
  });

  it.each([
    ['the last of its service withdraws them', [INSTANCE], 1],
    ['while another process of the service goes on, they stay declared', [INSTANCE, 'another'], 0],
  ])('gives everything back at the end; %s', async (_, instances, withdrawn) => {
    table = [declared('slow')];
    await reconciler.reconcile();
    budget.refresh.mockResolvedValue({ instances: { [SERVICE]: instances } });
    await reconciler.release();
    expect(slow.applied.at(-1)).toBeUndefined();
    expect(withdraw).toHaveBeenCalledTimes(withdrawn);
    await reconciler.reconcile();
    expect(inForce.any).toBe(false);
  });
});
