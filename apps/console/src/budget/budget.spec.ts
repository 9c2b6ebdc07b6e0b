import type { Session } from '@app/observer';
import { connectionsOf, sharesOf } from './activity';
import { BudgetHistory } from './budget-history';
import type { BudgetView } from './budget-view';
import { Slots } from './slots';

function session(pid: number, application_name: string, fields: Partial<Session> = {}): Session {
  return {
    pid,
    role: 'dbadmin',
    database: 'productcatalog',
    application_name,
    state: 'idle',
    wait: 'Client/ClientRead',
    since_start: 1,
    since_state_change: 1,
    since_transaction_start: 0,
    snapshot: false,
    query: '',
    ...fields,
  };
}

describe('connections in pg_stat_activity', () => {
  const sessions = [
    session(1, 'product-service@host:10', { state: 'active' }),
    session(2, 'product-service@host:10', { state: 'active', wait: 'Lock/tuple' }),
    session(3, 'inventory-service@host:11 held'),
    session(4, 'inventory-service@host:11', { state: 'idle in transaction' }),
    session(5, 'inventory-service@host:11/control w=7', { role: 'dbcontrol' }),
    session(6, 'inventory-service@host:12/control w=2', { role: 'dbcontrol' }),
    session(7, 'psql', { role: 'dbcontrol' }),
  ];

  it('are distinguished by what they do', () => {
    const states = connectionsOf(sessions, 'dbadmin').map(({ service, state }) => `${service} ${state}`);
    expect(states).toEqual([
      'product-service active',
      'product-service lock',
      'inventory-service held',
      'inventory-service transaction',
    ]);
  });

  it('are added up for each service, with the queues of its processes', () => {
    const shares = sharesOf(sessions, connectionsOf(sessions, 'dbadmin'), 'dbcontrol');
    expect(shares).toMatchObject([
      { service: 'inventory-service', open: 2, held: 1, active: 1, waiting: 9, processes: 2 },
      { service: 'product-service', open: 2, active: 1, lock: 1, waiting: 0, processes: 0 },
    ]);
  });

  it('are an empty list when there are no sessions', () => {
    expect(connectionsOf([], 'dbadmin')).toEqual([]);
    expect(sharesOf([], [], 'dbcontrol')).toEqual([]);
  });
});

describe('slots', () => {
  it('stay with their connection, and the lowest free one goes to the next', () => {
    const slots = new Slots();
    const place = (...pids: number[]) =>
      Object.fromEntries(
        slots
          .assign(pids.map((pid) => ({ pid, service: 'a', state: 'idle' })))
          .map(({ pid, slot }) => [pid, slot]),
      );
    expect(place(11, 12, 13)).toEqual({ 11: 0, 12: 1, 13: 2 });
    expect(place(11, 13)).toEqual({ 11: 0, 13: 2 });
    expect(place(13, 14, 15, 11)).toEqual({ 11: 0, 14: 1, 13: 2, 15: 3 });
  });
});

describe('the history of the budget', () => {
  it('keeps 15 minutes, and the highest point of each second', () => {
    const history = new BudgetHistory();
    const view = (at: number, open: number): BudgetView => {
      const share = { service: 'a', open, active: 0, idle: open, held: 0, lock: 0, waiting: 0, processes: 1 };
      return { at, max: 100, open, slots: [], services: [share] };
    };
    for (let second = 0; second < 2_000; second += 1)
      for (const [ms, open] of [
        [0, 95],
        [500, 3],
      ] as const)
        history.add(view(second * 1_000 + ms, open));
    const { time, services, max } = history.series(15, 2_000_000);
    expect((time.at(-1) ?? 0) - (time[0] ?? 0)).toBeGreaterThan(880);
    expect(time.length).toBeLessThanOrEqual(181);
    expect(new Set(services.a)).toEqual(new Set([95]));
    expect(new Set(max)).toEqual(new Set([100]));
  });
});
