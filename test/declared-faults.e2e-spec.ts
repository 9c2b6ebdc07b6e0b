import { eventually } from './support/eventually';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

const SOON = new Date(Date.now() + 600_000).toISOString();

/** Rows that another program may have written: settings as JSON, and when they end. */
const ROWS: [fault: string, settings: string, expires: string][] = [
  ['slow-queries', 'null', 'infinity'],
  ['slow-queries', '{"delay_ms":"x"}', '2100-01-01'],
  ['slow-queries', `${'['.repeat(2_000)}${']'.repeat(2_000)}`, SOON],
  ['pool-exhaustion', '{"connections":95}', SOON],
  ['no-such-fault', '{}', SOON],
];

describe('the table of declared faults', () => {
  let system: System;
  let inventory: RunningService;

  beforeAll(async () => {
    system = await System.start();
    inventory = await system.service('inventory');
  });
  afterAll(() => system?.stop());
  afterEach(() => system.sql('DELETE FROM demo_faults'));

  const declare = (fault: string, settings: string, expires: string) =>
    system.sql(
      `WITH declared AS (INSERT INTO demo_faults (service, fault, settings, expires_at)
         VALUES ('inventory-service', $1, $2, $3) RETURNING fault)
       SELECT pg_notify('database_load_demo', '{"topic":"faults-changed","service":"inventory-service"}') FROM declared`,
      [fault, settings, expires],
    );

  it.each(ROWS)('is read without a row that is not a declaration: %s, %#', async (...row) => {
    const before = inventory.output.length;
    await declare(...row);
    await eventually(async () => expect(inventory.output.slice(before)).toContain(`${row[0]}: `));
    expect(await inventory.get('/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
    const { body } = await inventory.get('/demo/status');
    expect(body.faults.length).toBeGreaterThan(1);
    expect(body.faults.filter(({ enabled }: { enabled: boolean }) => enabled)).toEqual([]);
    // The valid row beside it still counts.
    if (row[0] !== 'slow-queries') {
      const { body: slow } = await inventory.post('/demo/enable-slow-queries', { delay_ms: 1 });
      expect(slow.enabled).toBe(true);
    }
    expect((await inventory.post('/demo/reset')).body.stopped).toContain(row[0]);
    expect(await system.sql('SELECT * FROM demo_faults')).toEqual([]);
  });

  it('is said to be unknown while it cannot be read, with the reason, and is read again by itself', async () => {
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 1 });
    await system.sql('REVOKE SELECT ON demo_faults FROM dbcontrol');
    await system.sql(
      `SELECT pg_notify('database_load_demo', '{"topic":"faults-changed","service":"inventory-service"}')`,
    );
    await eventually(async () => {
      const { body } = await inventory.get('/demo/status');
      expect(body).toMatchObject({ known: false, unknown_because: expect.stringContaining('42501') });
    });
    // What is in force in the process continues, and is reported.
    const { body: status } = await inventory.get('/demo/status');
    expect(status.faults).toContainEqual(expect.objectContaining({ fault: 'slow-queries', enabled: true }));
    expect((await inventory.post('/demo/reset')).status).toBeGreaterThanOrEqual(500);
    await system.sql('GRANT SELECT ON demo_faults TO dbcontrol');
    await eventually(async () => expect((await inventory.get('/demo/status')).body.known).toBe(true));
    expect((await inventory.post('/demo/reset')).body.stopped).toEqual(['slow-queries']);
  });

  it('is not known while there is no control connection', async () => {
    await system.sql('ALTER ROLE dbcontrol NOLOGIN');
    await system.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'dbcontrol'`);
    try {
      await eventually(async () =>
        expect((await inventory.get('/demo/status')).body).toMatchObject({
          known: false,
          unknown_because: 'there is no control connection to PostgreSQL',
        }),
      );
    } finally {
      await system.sql('ALTER ROLE dbcontrol LOGIN');
    }
    await eventually(async () => expect((await inventory.get('/demo/status')).body.known).toBe(true));
  });

  it('lets the process end, and do its work, whatever it holds', async () => {
    const [{ instance }] = [(await inventory.get('/health')).body];
    await declare('pool-exhaustion', JSON.stringify({ connections: -5, holder: instance }), SOON);
    await eventually(async () => expect(inventory.output).toContain('connections must not be less than 1'));
    expect((await inventory.get('/inventory/check/5')).status).toBe(200);
    expect(await inventory.stop()).toBe(0);
  });
});
