import { CAUSES, type CauseName, DATABASE_PROBLEMS } from '@app/database';
import type { DecodedSpan } from '@app/otlp';
import { Client } from 'pg';
import { Capture } from '../tools/conformance/capture';
import { eventually } from './support/eventually';
import type { Answer, RunningService } from './support/running-service';
import { freePort, System } from './support/system';

/** Longer than the 2 s after which PostgreSQL gives up waiting for a lock. */
const STATEMENT_TIMEOUT_MS = 2_500;
const ORDER = { user_id: 'someone', product_id: 5, quantity: 1 };
const RESERVATION = { product_id: 5, quantity: 1 };
/** Limits too short to wait for anything except what the test needs to see. */
const QUICK = {
  DB_STATEMENT_TIMEOUT_MS: String(STATEMENT_TIMEOUT_MS),
  DB_ACQUIRE_TIMEOUT_MS: '2000',
  DB_QUEUE_MAX: '3',
  LOG_LEVEL: 'debug',
};

/** The content of a log line of a failure. */
interface Line {
  level: string;
  trace_id?: string;
  message: {
    message: string;
    cause: CauseName;
    left_out: number;
    waited_ms?: number;
    [more: string]: unknown;
  };
}

let system: System;
let capture: Capture;
let product: RunningService;
let inventory: RunningService;
let order: RunningService;

beforeAll(async () => {
  [system, capture] = await Promise.all([System.start(), Capture.start()]);
  const environment = { ...capture.environment(), ...QUICK };
  [product, inventory, order] = await Promise.all([
    system.service('product', { ...environment, READINESS_MODE: 'strict' }),
    system.service('inventory', environment),
    system.service('order', environment),
  ]);
  // A table contains the SQLSTATE with which an order is refused.
  await system.sql(`CREATE TABLE refusals (state text);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    DECLARE state text := (SELECT r.state FROM public.refusals r);
    BEGIN
      IF state = 'sleep' THEN PERFORM pg_sleep(6); END IF;
      IF state IS NOT NULL THEN RAISE EXCEPTION 'a secret value' USING ERRCODE = state; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION refuse()`);
});
afterAll(() => Promise.all([system?.stop(), capture?.stop()]));
beforeEach(async () => {
  await well();
  capture.requests.length = 0;
});

/** Expects each service to answer, and to report that nothing is wrong. */
async function well(): Promise<void> {
  await eventually(async () => {
    const answers = [
      await product.get('/products/5'),
      await inventory.get('/inventory/check/5'),
      await order.get('/orders/popular-products'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
}

function endSessions(role = 'dbadmin'): Promise<object[]> {
  return system.sql('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [role]);
}

async function refuseOrders(state: string | null): Promise<void> {
  await system.sql('DELETE FROM refusals');
  if (state !== null) await system.sql('INSERT INTO refusals VALUES ($1)', [state]);
}

/** The span of the statement in the trace of an answer. */
function statementOf({ body }: Answer): Promise<DecodedSpan> {
  return spanOf(String(body.trace_id), ({ kind }) => kind === 'CLIENT');
}

function spanOf(traceId: string, which: (span: DecodedSpan) => boolean): Promise<DecodedSpan> {
  return eventually(() => {
    const found = capture.spans.find((span) => span.traceId === traceId && which(span));
    if (!found) throw new Error(`no such span in ${traceId}`);
    return found;
  });
}

/** The log lines about failures so far. */
function lines({ output }: RunningService): Line[] {
  return output
    .split('\n')
    .filter((line) => line.includes('"cause"'))
    .map((line) => JSON.parse(line) as Line);
}

/** Makes the whole server refuse changes, as a standby does, for all sessions. */
async function readOnly(on: boolean): Promise<void> {
  await system.sql(`ALTER SYSTEM SET default_transaction_read_only = ${on ? 'on' : 'off'}`);
  await system.sql('SELECT pg_reload_conf()');
}

/** The pid of the one session that a service has open. */
async function sessionOf(service: RunningService): Promise<number> {
  return eventually(async () => {
    const rows = await system.sql<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE usename = 'dbadmin' AND application_name LIKE $1`,
      [`${service.name}-service@%`],
    );
    expect(rows).toHaveLength(1);
    return rows[0]?.pid as number;
  });
}

/** Runs `work` while another session holds a lock on the table. */
async function whileLocked(table: string, work: () => Promise<void>): Promise<void> {
  const { host, port, adminUser: user, adminPassword: password, database } = system.settings;
  const stranger = new Client({ host, port, user, password, database });
  stranger.on('error', () => undefined);
  await stranger.connect();
  try {
    await stranger.query(`BEGIN; LOCK TABLE ${table}`);
    await work();
  } finally {
    await stranger.end().catch(() => undefined);
  }
}

const STATES = Object.entries(CAUSES).flatMap(([cause, { states }]) =>
  states.map((state): [string, CauseName] => [state.padEnd(5, '0'), cause as CauseName]),
);

describe('what PostgreSQL says', () => {
  afterAll(() => refuseOrders(null));

  // It is raised by another function than the one whose 0A000 means an outdated plan.
  const said = STATES.filter(([state]) => state !== '0A000');
  it.each([...said, ['0A000', 'unexpected'], ['XX000', 'unexpected'], ['P0001', 'unexpected']] as [
    string,
    CauseName,
  ][])('%s is %s in the answer, the span, the log and for the session', async (state, cause) => {
    const before = await sessionOf(order);
    await refuseOrders(state);
    const answer = await order.post('/orders/create', ORDER);
    await refuseOrders(null);

    // An order that was sent may have been made.
    const reported = CAUSES[cause].undecided ? 'outcome_unknown' : cause;
    const { problem, retryAfterSeconds, log, session } = CAUSES[reported];
    const [status, title] = DATABASE_PROBLEMS[problem ?? 'internal-error'];
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ type: `urn:problem-type:${problem}`, title });
    expect(answer.body.reason).toBe(status >= 500 ? reported : undefined);
    expect(answer.headers.get('retry-after')).toBe(retryAfterSeconds ? String(retryAfterSeconds) : null);

    const span = await statementOf(answer);
    expect(span.status).toBe('ERROR');
    // A statement that was prepared again and refused again is another one of the same trace.
    const error = reported === cause ? state : reported;
    expect(span.attributes).toMatchObject({ 'error.type': error, 'db.response.status_code': state });

    const line = await eventually(() => {
      const line = lines(order).find(({ message }) => message['db.response.status_code'] === state);
      if (!line) throw new Error(`no line for ${state}`);
      return line;
    });
    expect(line).toMatchObject({ level: log, trace_id: answer.body.trace_id });
    expect(line.message).toMatchObject({ cause: reported, left_out: 0, 'error.type': error });
    expect(line.message.waited_ms).toBeGreaterThanOrEqual(0);

    expect((await order.post('/orders/create', ORDER)).status).toBe(201);
    const after = await sessionOf(order);
    expect(after === before).toBe(session === 'kept');
  });

  it('is nowhere quoted literally, because its messages contain values', () => {
    expect(order.output).not.toContain('a secret value');
    expect(Buffer.concat(capture.requests.map(({ body }) => body)).includes('a secret value')).toBe(false);
  });
});

describe('a session', () => {
  it('that refuses changes after a failover is replaced at the second request at the latest', async () => {
    await readOnly(true);
    const refused = await eventually(async () => {
      const answer = await order.post('/orders/create', ORDER);
      expect(answer.body.reason).toBe('read_only');
      return answer;
    });
    expect(refused.body.type).toBe('urn:problem-type:database-read-only');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    const reset = await order.post('/demo/reset');
    expect([reset.status, reset.body.reason]).toEqual([503, 'read_only']);
    expect((await order.get('/demo/status')).status).toBe(200);
    await readOnly(false);
    const first = await order.post('/orders/create', ORDER);
    const statuses = [first.status, (await order.post('/orders/create', ORDER)).status];
    expect([
      [201, 201],
      [503, 201],
    ]).toContainEqual(statuses);
  });

  it('outlives a migration that changes a table under its prepared statements', async () => {
    const everything = () =>
      Promise.all([
        product.get('/products/5'),
        product.get('/products'),
        inventory.get('/inventory/check/5'),
        inventory.post('/inventory/reserve', RESERVATION),
        inventory.post('/inventory/reserve', RESERVATION, { 'Idempotency-Key': `migrated-${Math.random()}` }),
        order.get('/orders/popular-products'),
      ]);
    await everything();
    await system.sql(`ALTER TABLE products RENAME name TO name_before;
      ALTER TABLE products ADD name varchar(300) NOT NULL DEFAULT 'renamed'`);
    const answers = await everything();
    expect(answers.map(({ status, body }) => [status, body.reason])).toEqual(
      answers.map(() => [200, undefined]),
    );
  });
});

describe('a role that may not', () => {
  const cases: [what: string, cause: CauseName, state: string, undo: string][] = [
    [
      `ALTER ROLE dbadmin PASSWORD 'another'`,
      'password_refused',
      '28P01',
      `ALTER ROLE dbadmin PASSWORD 'dbadmin-password'`,
    ],
    ['ALTER ROLE dbadmin NOLOGIN', 'login_refused', '28000', 'ALTER ROLE dbadmin LOGIN'],
    [
      'REVOKE SELECT ON products FROM dbadmin',
      'privilege_missing',
      '42501',
      'GRANT SELECT ON products TO dbadmin',
    ],
    [
      'ALTER TABLE products RENAME TO elsewhere',
      'schema_missing',
      '42P01',
      'ALTER TABLE elsewhere RENAME TO products',
    ],
  ];

  it.each(cases)(
    '%s: the answer, /health, readiness and one log line say so',
    async (what, cause, state, undo) => {
      await system.sql(what);
      await endSessions();
      const refused = await eventually(async () => {
        const answer = await product.get('/products/5');
        expect(answer.body.reason).toBe(cause);
        return answer;
      });
      const title = DATABASE_PROBLEMS[CAUSES[cause].problem ?? 'internal-error'][1];
      expect([refused.status, refused.body.title, refused.headers.get('retry-after')]).toEqual([
        503,
        title,
        '10',
      ]);
      expect((await statementOf(refused)).attributes).toMatchObject({
        'error.type': state,
        'db.response.status_code': state,
      });
      const { status, body } = await product.get('/health');
      expect([status, body.status]).toEqual([200, 'degraded']);
      expect(body.reason).toContain(`(${state})`);
      expect(body.failures).toContainEqual({
        cause,
        sqlstate: state,
        reason: expect.stringContaining(title),
        age_ms: expect.any(Number),
      });
      expect((await product.get('/health/ready')).status).toBe(503);
      const reported = lines(product).filter(
        ({ message }) => message.message.startsWith('A request failed') && message.cause === cause,
      );
      expect(reported.length).toBeGreaterThanOrEqual(1);
      expect(reported[0]).toMatchObject({ level: 'error' });
      expect(reported[0]?.message.message).toContain(CAUSES[cause].remedy);

      await system.sql(undo);
      await well();
      if (CAUSES[cause].hits !== 'data')
        await eventually(async () => expect((await product.get('/health/ready')).status).toBe(200));
    },
  );

  it('log in as the control role leaves the statements of the other running, and /health distinguishes the two', async () => {
    await system.sql('ALTER ROLE dbcontrol NOLOGIN');
    await endSessions('dbcontrol');
    await eventually(async () => {
      const { status, body } = await inventory.get('/health');
      expect([status, body.status]).toEqual([200, 'degraded']);
      expect(body.reason).toMatch(/control role dbcontrol: .*28000/);
    });
    expect((await inventory.get('/inventory/check/5')).status).toBe(200);
    const reset = await inventory.post('/demo/reset');
    expect([reset.status, reset.body.reason]).toEqual([503, 'unreachable']);
    await system.sql('ALTER ROLE dbcontrol LOGIN');
    await eventually(async () =>
      expect((await inventory.get('/health')).body.reason ?? '').not.toContain('dbcontrol'),
    );
  });
});

describe('a database that is not available', () => {
  it.each<[Record<string, string>, CauseName]>([
    [{ DB_NAME: 'nowhere' }, 'database_missing'],
    [{ DB_SSL: 'require' }, 'tls_failed'],
    [{ DB_PASSWORD: '' }, 'password_refused'],
    [{ DB_USER: 'nobody' }, 'password_refused'],
  ])('%j is reported as %s', async (environment, cause) => {
    const service = await system.service('product', { ...QUICK, ...environment });
    const { status, body } = await service.get('/products/5');
    expect([status, body.reason]).toEqual([503, cause]);
    await eventually(() => expect(lines(service).map(({ message }) => message.cause)).toContain(cause));
    const health = (await service.get('/health')).body;
    expect(health.status).toBe(CAUSES[cause].hits === 'server' ? 'down' : 'degraded');
    expect(health.reason).toContain(CAUSES[cause].remedy);
    await service.stop();
  });

  it('is unreachable if nothing listens', async () => {
    const service = await system.service('product', { ...QUICK, DB_PORT: String(await freePort()) });
    const { body } = await service.get('/products/5');
    expect([body.title, body.reason]).toEqual(['No database connection could be had in time', 'unreachable']);
    await service.stop();
  });

  /** Seconds of all failed waits for a connection so far: those of statements, and those of waits. */
  async function sums(): Promise<number[]> {
    const text = String((await product.get('/metrics')).body);
    return ['db_client_operation_duration_seconds', 'db_client_connection_wait_time_seconds'].map(
      (metric) => {
        const line = new RegExp(`^${metric}_sum\\{.*error_type="pool_timeout".*\\} (\\S+)$`, 'm').exec(text);
        return Number(line?.[1] ?? 0);
      },
    );
  }

  it('makes callers wait for a connection, as long in the span as in the metric, and refuses more at once', async () => {
    await system.sql('ALTER ROLE dbadmin CONNECTION LIMIT 0');
    await endSessions();
    await eventually(async () => expect(await system.openConnections()).toBe(0));
    const before = await sums();
    const answers = await Promise.all(Array.from({ length: 6 }, () => product.get('/products/5')));
    await system.sql('ALTER ROLE dbadmin CONNECTION LIMIT 100');
    const of = (cause: CauseName) => answers.filter(({ body }) => body.reason === cause);
    expect([of('pool_timeout').length, of('queue_full').length]).toEqual([3, 3]);
    for (const answer of of('pool_timeout')) {
      const { durationMs, attributes } = await statementOf(answer);
      expect(attributes['error.type']).toBe('pool_timeout');
      expect(attributes['db.response.status_code']).toBeUndefined();
      expect(Math.abs(durationMs - answer.body.waited_ms)).toBeLessThan(50);
    }
    const after = await sums();
    const waited = of('pool_timeout').reduce((all, { body }) => all + body.waited_ms, 0) / 1_000;
    for (const [index, sum] of after.entries())
      expect(Math.abs(sum - (before[index] ?? 0) - waited)).toBeLessThan(0.15);
  });
});

describe('a statement', () => {
  it('that waits for a lock of another program is answered 503, and not like a lost race', async () => {
    await whileLocked('products', async () => {
      const [read, change] = await Promise.all([
        product.get('/products/5'),
        inventory.post('/inventory/reserve', RESERVATION),
      ]);
      for (const answer of [read, change]) {
        expect([answer.status, answer.body.type, answer.headers.get('retry-after')]).toEqual([
          503,
          'urn:problem-type:lock-timeout',
          '1',
        ]);
        expect((await statementOf(answer)).attributes['error.type']).toBe('55P03');
      }
      const { body } = await product.get('/health');
      expect([body.status, body.failures[0].sqlstate]).toEqual(['degraded', '55P03']);
    });
  });

  it('that takes longer than its limit is given up by PostgreSQL itself, and the session goes on', async () => {
    const before = await sessionOf(order);
    await refuseOrders('sleep');
    const answer = await order.post('/orders/create', ORDER);
    await refuseOrders(null);
    expect([answer.status, answer.body.type]).toEqual([504, 'urn:problem-type:statement-timeout']);
    const { attributes, durationMs } = await statementOf(answer);
    expect(attributes).toMatchObject({ 'error.type': '57014', 'db.response.status_code': '57014' });
    expect(durationMs).toBeGreaterThanOrEqual(STATEMENT_TIMEOUT_MS - 1);
    expect(await sessionOf(order)).toBe(before);
  });

  it('may take longer by as much as a fault delays it', async () => {
    await inventory.post('/demo/enable-slow-queries', { delay_ms: STATEMENT_TIMEOUT_MS + 300 });
    const { status, ms } = await inventory.get('/inventory/check/5');
    expect(status).toBe(200);
    expect(ms).toBeGreaterThan(STATEMENT_TIMEOUT_MS + 299);
    await inventory.post('/demo/reset');
  });

  it('of a caller that disconnects says so in its span and its request, and gets no answer', async () => {
    const traceId = 'c0ffee51916cd43dd8448eb211c80319';
    await whileLocked('products', async () => {
      const leaving = new AbortController();
      const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
      const asked = inventory
        .get('/inventory/check/5', { headers, signal: leaving.signal })
        .catch(() => undefined);
      await eventually(async () => {
        const waiting = await system.sql(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
        expect(waiting).toHaveLength(1);
      });
      leaving.abort();
      await asked;
      await spanOf(traceId, ({ kind }) => kind === 'CLIENT');
    });
    const statement = await spanOf(traceId, ({ kind }) => kind === 'CLIENT');
    expect([statement.status, statement.attributes['error.type']]).toEqual(['ERROR', 'caller_gone']);
    const request = await spanOf(traceId, ({ kind }) => kind === 'SERVER');
    expect([request.status, request.attributes['error.type']]).toEqual(['ERROR', 'caller_gone']);
    expect(request.attributes['http.response.status_code']).toBeUndefined();
    expect(request.attributes['http.status_code']).toBeUndefined();
    await endSessions();
  });
});

describe('a change whose answer never comes', () => {
  const stock = async () =>
    Number((await system.sql('SELECT stock_quantity FROM products WHERE id = 5'))[0]?.stock_quantity);

  it('is answered as one whose outcome is unknown, and a read as one that can be repeated', async () => {
    const before = await stock();
    const pid = await sessionOf(inventory);
    process.kill(pid, 'SIGSTOP');
    const answer = await inventory.post('/inventory/reserve', RESERVATION);
    process.kill(pid, 'SIGCONT');
    expect([answer.status, answer.body.type]).toEqual([503, 'urn:problem-type:outcome-unknown']);
    expect(answer.headers.get('retry-after')).toBeNull();
    expect(answer.body.detail).toContain('Idempotency-Key');
    expect((await statementOf(answer)).attributes['error.type']).toBe('outcome_unknown');
    // It was made, or it was not: that is what is unknown.
    await eventually(async () => expect([before, before - 1]).toContain(await stock()));

    await well();
    const reading = await sessionOf(product);
    process.kill(reading, 'SIGSTOP');
    const silent = await product.get('/products/5');
    process.kill(reading, 'SIGCONT');
    expect([silent.status, silent.body.reason, silent.headers.get('retry-after')]).toEqual([
      503,
      'statement_limit',
      '1',
    ]);
    expect((await statementOf(silent)).attributes['error.type']).toBe('statement_limit');
  });

  it('is made once when it is repeated with its key', async () => {
    await system.sql(`CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(0.4); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER linger AFTER UPDATE ON products DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION linger()`);
    const before = await stock();
    const key = { 'Idempotency-Key': 'silent' };
    const asked = inventory.post('/inventory/reserve', RESERVATION, key);
    const pid = await eventually(async () => {
      const [row] = await system.sql(
        `SELECT pid FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active' AND usename = 'dbadmin'`,
      );
      if (!row) throw new Error('no commit yet');
      return Number(row.pid);
    });
    process.kill(pid, 'SIGSTOP');
    const answer = await asked;
    process.kill(pid, 'SIGCONT');
    expect([answer.status, answer.body.reason]).toEqual([503, 'outcome_unknown']);
    const repeated = await eventually(async () => {
      const again = await inventory.post('/inventory/reserve', RESERVATION, key);
      expect(again.status).toBe(200);
      return again;
    });
    expect(repeated.body.remaining_stock).toBe(before - 1);
    expect(await stock()).toBe(before - 1);
    await system.sql('DROP FUNCTION linger CASCADE');
  });

  // This test comes last, because all sessions end with it.
  it('because the server crashed is one whose outcome is unknown', async () => {
    await whileLocked('orders', async () => {
      const [change, reading] = [order.post('/orders/create', ORDER), order.get('/orders/popular-products')];
      await eventually(async () => {
        const waiting = await system.sql(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
        expect(waiting).toHaveLength(2);
      });
      const [row] = await system.sql(
        `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'product-service@%' AND usename = 'dbadmin'`,
      );
      process.kill(Number(row?.pid), 'SIGKILL');
      expect((await change).body.reason).toBe('outcome_unknown');
      expect(['server_crashed', 'connection_lost']).toContain((await reading).body.reason);
    });
  });
});
