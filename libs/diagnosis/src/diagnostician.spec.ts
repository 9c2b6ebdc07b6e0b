import { Diagnostician } from './diagnostician';
import type { ClientSample, Sample, SessionSample, WaitingSample } from './sample';

const SUBJECT = { role: 'dbadmin', controlRole: 'dbcontrol', budget: 100 };
const START = Date.parse('2026-01-01T00:00:00Z');

function session(pid: number, fields: Partial<SessionSample> = {}): SessionSample {
  return {
    pid,
    role: 'dbadmin',
    application: 'inventory-service',
    state: 'active',
    wait: '',
    sinceStateChange: 0,
    sinceTransactionStart: 0,
    snapshot: false,
    query: 'UPDATE products SET stock_quantity = 1',
    ...fields,
  };
}

function sample(second: number, sessions: SessionSample[] = [], waiting: WaitingSample[] = []): Sample {
  return {
    at: START + second * 1_000,
    clients: [],
    database: {
      sessions,
      waiting,
      counters: { rollbacks: 0, deadlocks: 0, sessions: 0, sessions_killed: 0, temp_bytes: 0 },
      server: { startedAt: START - 60_000, maxConnections: 200, reserved: 3, roleLimit: 100 },
    },
  };
}

/** One transaction does nothing, and another waits for its row. */
function hotRow(second: number, since: number): Sample {
  const blocker = session(1, { state: 'idle in transaction', sinceTransactionStart: second - since });
  const waiter = session(2, { wait: 'Lock/transactionid' });
  const waiting = [{ pid: 2, lock: 'transactionid', mode: 'ShareLock', relation: '', blockedBy: [1] }];
  return sample(second, [blocker, waiter], waiting);
}

/** A service with that many answers, each within 10 ms, and that many statements that ended without one. */
function client(answered: number, unanswered: number): ClientSample {
  const none = { count: 0, sum: 0, buckets: [0, 0] };
  const statement = { operation: 'SELECT', table: 'products' };
  const ended = (error: string, count: number, seconds: number) => ({
    ...{ ...statement, error, count, sum: count * seconds },
    buckets: [seconds > 0.01 ? 0 : count, count],
  });
  return {
    ...{ service: 'inventory-service', instance: 'inventory-service@host:1', bounds: [0.01, 5] },
    operations: [ended('', answered, 0.005), ended('statement_limit', unanswered, 3.25)],
    ...{ waits: none, uses: none, creates: none },
    pool: { used: 1, idle: 1, pending: 0, max: 100 },
    requests: { answered: answered + unanswered, failed: unanswered, gone: 0 },
  };
}

const names = (diagnostician: Diagnostician) => diagnostician.diagnosis.findings.map(({ name }) => name);

describe('the diagnostician', () => {
  it('finds nothing in empty samples', () => {
    const diagnostician = new Diagnostician(SUBJECT);
    for (let second = 0; second < 60; second += 0.5) diagnostician.take(sample(second));
    expect(diagnostician.diagnosis).toEqual({ at: '2026-01-01T00:00:59.500Z', findings: [] });
  });

  it('names what it sees, since when, with three numbers, and what to do', () => {
    const diagnostician = new Diagnostician(SUBJECT);
    for (let second = 0; second < 20; second += 0.5)
      diagnostician.take(second < 15 ? sample(second) : hotRow(second, 15));
    expect(diagnostician.diagnosis.findings).toEqual([
      {
        name: 'hot-row-lock',
        title: 'One row is locked, and all who need it wait',
        since: '2026-01-01T00:00:15.000Z',
        evidence: [
          expect.stringContaining('wait for a row'),
          expect.stringContaining('pid 1 (dbadmin, inventory-service), idle in transaction'),
          expect.any(String),
        ],
        next_best: { name: 'deadlocks', unless: expect.any(String) },
        advice: expect.any(String),
      },
    ]);
  });

  it('withdraws a finding when it is over', () => {
    const diagnostician = new Diagnostician(SUBJECT);
    for (let second = 0; second < 30; second += 0.5)
      diagnostician.take(second < 15 || second >= 20 ? sample(second) : hotRow(second, 15));
    expect(names(diagnostician)).toEqual([]);
  });

  it('names several failures if each has signs of its own', () => {
    const diagnostician = new Diagnostician(SUBJECT);
    const strangers = Array.from({ length: 190 }, (_, index) =>
      session(100 + index, {
        role: 'batch',
        application: 'report',
        state: 'idle',
        wait: 'Client/ClientRead',
      }),
    );
    for (let second = 0; second < 20; second += 0.5) {
      const { database, ...rest } = hotRow(second, 0);
      const sessions = [...(database?.sessions ?? []), ...strangers];
      diagnostician.take({ ...rest, database: database && { ...database, sessions } });
    }
    expect(names(diagnostician)).toEqual(['hot-row-lock', 'server-connections-full']);
  });

  it('distinguishes a server that is down from one that was restarted', () => {
    const diagnostician = new Diagnostician(SUBJECT);
    for (let second = 0; second < 10; second += 0.5) diagnostician.take(sample(second));
    for (let second = 10; second < 12; second += 0.5)
      diagnostician.take({ at: START + second * 1_000, clients: [], trouble: 'ECONNREFUSED' });
    expect(names(diagnostician)).toEqual(['server-restart']);
    for (let second = 12; second < 40; second += 0.5) {
      const { database, ...rest } = sample(second);
      const server = { startedAt: START + 12_000, maxConnections: 200, reserved: 3, roleLimit: 100 };
      diagnostician.take({ ...rest, database: database && { ...database, server } });
      if (second === 14) expect(names(diagnostician)).toEqual(['server-restart']);
    }
    expect(names(diagnostician)).toEqual([]);
  });

  it.each([
    ['not BEGIN and COMMIT', ['BEGIN', 'COMMIT'], '', []],
    ['those that act on a table', ['UPDATE', 'INSERT'], 'orders', ['n-plus-one']],
  ])('counts among the statements of a request %s', (_, operations, table, found) => {
    const diagnostician = new Diagnostician(SUBJECT);
    for (let second = 0; second < 30; second += 0.5) {
      const usual = client(10 * second, 0);
      const more = Math.max(0, 10 * (second - 15));
      const added = operations.map((operation) => ({
        ...{ operation, table, error: '', count: more, sum: more * 0.001 },
        buckets: [more, more],
      }));
      const clients = [{ ...usual, operations: [...usual.operations, ...added] }];
      diagnostician.take({ ...sample(second), clients });
    }
    expect(names(diagnostician)).toEqual(found);
  });

  it('recognises statements that a silent server left without an answer', () => {
    const diagnostician = new Diagnostician(SUBJECT);
    for (let second = 0; second < 25; second += 0.5) {
      const clients = [client(10 * second, Math.max(0, Math.floor(second - 15)))];
      diagnostician.take({ ...sample(second), clients });
      if (second === 15) expect(names(diagnostician)).toEqual([]);
    }
    expect(names(diagnostician)).toEqual(['network-half-open']);
  });

  it('says nothing before it has observed for a while', () => {
    const diagnostician = new Diagnostician(SUBJECT);
    expect(diagnostician.take(hotRow(5, 0)).findings).toEqual([]);
  });
});
