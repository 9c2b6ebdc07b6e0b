import type { Features, Finding } from '@app/diagnosis';
import type { Session, Waiting } from '@app/observer';
import type { Seen } from './facts';
import { headlineOf } from './headline';

const ROLE = 'app';

function session(pid: number, more: Partial<Session> = {}): Session {
  return {
    pid,
    role: ROLE,
    database: 'shop',
    application_name: 'stock-service@host:1',
    state: 'idle',
    wait: '',
    since_start: 60,
    since_state_change: 2,
    since_transaction_start: 0,
    snapshot: false,
    query: 'SELECT 1',
    ...more,
  };
}

const many = (count: number, more: Partial<Session> = {}, first = 1) =>
  Array.from({ length: count }, (_, index) => session(first + index, more));

/** Measurements of some seconds, with only what the headline reads. */
function measurements(answered: number, failed: number, meanMs: number): Features {
  const operations = [{ count: 100, mean: meanMs }];
  return {
    clients: { requests: { answered, failed, gone: 0 }, operations, statements: 2 * answered },
    sessions: { roots: [], strangersActive: 0 },
  } as unknown as Features;
}

function seen(more: Partial<Seen> = {}): Seen {
  return {
    ...{ away: [], services: 3, max: 100, role: ROLE, controlRole: 'control' },
    ...{ sessions: many(3), waiting: [], queue: { waiting: 0, oldestMs: 0 } },
    ...{ now: measurements(50, 0, 3), rest: measurements(50, 0, 3) },
    ...more,
  };
}

function finding(name: string, operations?: number): Finding {
  return {
    name,
    title: `It is ${name}.`,
    operations,
    evidence: ['one', 'two', 'three'],
  } as unknown as Finding;
}

const text = (one: Seen, findings: Finding[] = []) => {
  const { title, facts } = headlineOf(one, findings);
  return [title, ...facts.map((fact) => fact.text)];
};

describe('the headline', () => {
  it('says how many connections are open at rest, and who waits now', () => {
    expect(headlineOf(seen(), []).tone).toBe('good');
    expect(text(seen())).toEqual([
      'Normal: 3 of 100 connections open',
      '100 queries a second take 3 ms on average; nobody waits',
    ]);
    expect(text(seen({ queue: { waiting: 2, oldestMs: 20 } }))[1]).toMatch(/2 requests in the queue$/);
  });

  it('names the session of another program at the root of a lock, after the failures', () => {
    const psql = session(4242, {
      role: 'postgres',
      application_name: 'psql',
      state: 'idle in transaction',
      since_transaction_start: 7.2,
    });
    const stuck = many(40, { state: 'active', wait: 'Lock/relation' }, 100);
    const waiting: Waiting[] = stuck.map(({ pid }) => ({
      ...{ pid, lock: 'relation', mode: 'RowExclusiveLock', relation: 'products' },
      blocked_by: [4242],
    }));
    const locked = seen({
      ...{ sessions: [psql, ...stuck], waiting, queue: { waiting: 133, oldestMs: 2_900 } },
      now: measurements(50, 24, 3),
    });
    expect(text(locked, [finding('lock-queue')])).toEqual([
      'It is lock-queue.',
      '48 % of all requests fail, 24 of 50 a second',
      '133 requests wait for a connection, the first of them for 2.9 s',
      '40 sessions wait for a lock on products held by psql, process 4242, idle in transaction for 7.2 s',
    ]);
    expect(headlineOf(locked, []).tone).toBe('bad');
  });

  it.each([
    [0.3, 'less than 1 %'],
    [49.9, 'more than 99 %'],
    [50, '100 %'],
  ])('says of %d failures among 50 that %s fail', (failed, share) => {
    const failing = seen({ now: measurements(50, failed, 3) });
    expect(text(failing, [finding('lock-queue')])[1]).toMatch(new RegExp(`^${share} of all requests fail`));
  });

  it('is not alarmed by a lock that lasts a moment', () => {
    const waiting: Waiting[] = [
      { pid: 1, lock: 'tuple', mode: 'ExclusiveLock', relation: '', blocked_by: [2] },
    ];
    const moment = { sessions: many(2, { since_state_change: 0.01 }), waiting };
    expect(headlineOf(seen(moment), []).tone).toBe('good');
  });

  it('names a foreign program that has the connections', () => {
    const sessions = [...many(3), ...many(96, { application_name: 'import' }, 50)];
    expect(text(seen({ sessions }))).toEqual(['import has 96 of the 100 connections, all idle']);
  });

  it('calls a program without a name by its role', () => {
    const sessions = many(96, { application_name: '' });
    expect(text(seen({ sessions }))[0]).toMatch(/^a program of role app without a name has 96/);
  });

  it('names another role that has connections of the server', () => {
    const sessions = many(97, { role: 'analyst', application_name: 'report', state: 'active' });
    expect(text(seen({ sessions }))).toEqual(['report (role analyst) has 97 connections, all active']);
  });

  it('says how slow queries are, and how slow they were', () => {
    expect(text(seen({ now: measurements(50, 0, 2_900) }), [finding('slow-queries')])).toEqual([
      'It is slow-queries.',
      'a query takes 2.9 s on average, at rest 3 ms',
    ]);
    expect(headlineOf(seen({ now: measurements(50, 0, 2_900) }), []).tone).toBe('slow');
  });

  it('puts the cause that concerns more first', () => {
    const { title, also } = headlineOf(seen(), [finding('missing-index', 1), finding('slow-queries', 4)]);
    expect([title, also]).toEqual(['It is slow-queries.', ['It is missing-index.']]);
    const alike = [finding('missing-index', 1), finding('slow-queries', 1)];
    expect(headlineOf(seen(), alike).title).toBe('It is slow-queries.');
    expect(headlineOf(seen(), [finding('lock-queue'), finding('slow-queries', 4)]).title).toBe(
      'It is lock-queue.',
    );
  });

  it('begins with the services that do not answer', () => {
    const away = [{ name: 'stock-service', reason: 'nothing listens there' }];
    expect(text(seen({ away }), [finding('lock-queue')])).toEqual([
      'stock-service does not answer',
      'stock-service: nothing listens there',
    ]);
  });
});
