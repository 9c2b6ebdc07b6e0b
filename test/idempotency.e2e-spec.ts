import { eventually } from './support/eventually';
import type { AppName, RunningService } from './support/running-service';
import { System } from './support/system';

const HOURS_REMEMBERED = 24;

describe('an Idempotency-Key', () => {
  let system: System;
  /** Two processes of each service. */
  let inventories: RunningService[];
  let orders: RunningService[];

  beforeAll(async () => {
    system = await System.start();
    // A request that is held up on purpose must not give up by itself, however slow the machine is.
    await system.sql(`ALTER ROLE dbadmin SET lock_timeout = '30s'`);
    const two = (name: AppName) =>
      Promise.all([1, 2].map(() => system.service(name, { DB_STATEMENT_TIMEOUT_MS: '30000' })));
    [inventories, orders] = await Promise.all([two('inventory'), two('order')]);
  });
  afterAll(() => system?.stop());

  // `turn` selects which of the two processes gets the request.
  const post = (processes: RunningService[], path: string, body: object, key?: string, turn = 0) =>
    (processes[turn % 2] as RunningService).post(
      path,
      body,
      key === undefined ? {} : { 'Idempotency-Key': key },
    );
  const reserve = (body: object, key?: string, turn?: number) =>
    post(inventories, '/inventory/reserve', body, key, turn);
  const create = (body: object, key?: string, turn?: number) =>
    post(orders, '/orders/create', body, key, turn);
  const setStock = (id: number, stock: number) =>
    system.sql('UPDATE products SET stock_quantity = $2 WHERE id = $1', [id, stock]);
  const stockOf = async (id: number): Promise<number> =>
    (await system.sql('SELECT stock_quantity FROM products WHERE id = $1', [id]))[0]?.stock_quantity;
  const addProduct = (id: number) =>
    system.sql(
      `INSERT INTO products (id, name, category, price, stock_quantity) OVERRIDING SYSTEM VALUE
       VALUES ($1, 'New', 'New', 1, 100)`,
      [id],
    );
  /** Makes a key look as if it was used that many hours ago. */
  const age = (key: string, hours: number) =>
    system.sql(`UPDATE idempotency_keys SET created_at = now() - $2 * interval '1 hour' WHERE key = $1`, [
      key,
      hours,
    ]);

  it('of a reservation says nothing about orders', async () => {
    const reserved = await reserve({ product_id: 5, quantity: 1 }, 'for-both');
    const ordered = await create({ user_id: 'u', product_id: 5, quantity: 1 }, 'for-both');
    expect([reserved.status, ordered.status]).toEqual([200, 201]);
  });

  describe.each([
    {
      route: 'POST /inventory/reserve',
      ok: 200,
      send: reserve,
      request: { product_id: 5, quantity: 1 },
      /** Grows by one with each change. */
      changes: async () => -(await stockOf(5)),
    },
    {
      route: 'POST /orders/create',
      ok: 201,
      send: create,
      request: { user_id: 'demo_user', product_id: 5, quantity: 1 },
      changes: async () => (await system.sql('SELECT count(*)::int AS count FROM orders'))[0]?.count,
    },
  ])('on $route', ({ route, ok, send, request, changes }) => {
    const keyFor = (purpose: string) => `${route}-${purpose}`.replaceAll(/[ /]/g, '-');
    let before: number;
    beforeEach(async () => {
      before = await changes();
    });
    const made = async () => (await changes()) - before;

    it('makes the change once, and answers each time as it did the first time', async () => {
      const first = await send(request, keyFor('again'));
      // The same request with its members in another order.
      const reversed = Object.fromEntries(Object.entries(request).reverse());
      for (const body of [request, request, reversed]) {
        const again = await send(body, keyFor('again'));
        expect([again.status, again.body]).toEqual([ok, first.body]);
      }
      expect(first.status).toBe(ok);
      expect(await made()).toBe(1);
    });

    it('makes the change once for 20 copies at the same time', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => send(request, keyFor('copies'), index)),
      );
      const done = answers.filter(({ status }) => status === ok);
      const busy = answers.filter(({ status }) => status !== ok);
      expect(done.length).toBeGreaterThan(0);
      for (const { body } of done) expect(body).toEqual(done[0]?.body);
      for (const { status, headers, body } of busy) {
        expect([status, body.type]).toEqual([409, 'urn:problem-type:request-in-progress']);
        expect(headers.get('retry-after')).toBe('1');
      }
      expect((await send(request, keyFor('copies'))).body).toEqual(done[0]?.body);
      expect(await made()).toBe(1);
    });

    it('says that the request is being worked on, for as long as it is', async () => {
      // Holds up the first request in the middle of its transaction.
      await system.sql('BEGIN');
      await system.sql('SELECT FROM products WHERE id = 5 FOR UPDATE');
      const first = send(request, keyFor('busy'));
      await eventually(async () =>
        expect(await system.sql('SELECT FROM pg_locks WHERE NOT granted')).toHaveLength(1),
      );
      const { status, headers, body } = await send(request, keyFor('busy'), 1);
      await system.sql('COMMIT');
      expect([status, body.type]).toEqual([409, 'urn:problem-type:request-in-progress']);
      expect(headers.get('retry-after')).toBe('1');
      expect((await first).status).toBe(ok);
      expect((await send(request, keyFor('busy'), 1)).body).toEqual((await first).body);
      expect(await made()).toBe(1);
    });

    it('makes the change each time without a key', async () => {
      await send(request);
      await send(request);
      expect(await made()).toBe(2);
    });

    it('belongs to the request that used it first', async () => {
      await send(request, keyFor('other'));
      const { status, body } = await send({ ...request, quantity: 2 }, keyFor('other'));
      expect([status, body.type]).toEqual([422, 'urn:problem-type:idempotency-key-reused']);
      expect(await made()).toBe(1);
    });

    it('can be used again after an attempt that failed', async () => {
      const id = ok + 1_000;
      const unknown = await send({ ...request, product_id: id }, keyFor('failed'));
      expect([unknown.status, unknown.body.type]).toEqual([404, 'urn:problem-type:unknown-product']);
      await addProduct(id);
      const found = await send({ ...request, product_id: id }, keyFor('failed'));
      expect([found.status, found.body.product_id]).toEqual([ok, id]);
    });

    it.each([
      ['empty', ''],
      ['two words', 'two words'],
      ['not in ASCII', 'käse'],
      ['of 256 characters', 'x'.repeat(256)],
    ])('is refused when it is %s', async (_, key) => {
      const { status, body } = await send(request, key);
      expect([status, body.type]).toEqual([400, 'urn:problem-type:invalid-request']);
      expect(body.errors[0].field).toBe('Idempotency-Key');
      expect(await made()).toBe(0);
    });

    it('is forgotten after a day', async () => {
      await send(request, keyFor('day'));
      await age(keyFor('day'), HOURS_REMEMBERED - 1);
      expect((await send({ ...request, quantity: 2 }, keyFor('day'))).status).toBe(422);
      await age(keyFor('day'), HOURS_REMEMBERED + 1);
      const { status, body } = await send({ ...request, product_id: 6 }, keyFor('day'));
      expect([status, body.product_id]).toEqual([ok, 6]);
      expect((await send({ ...request, product_id: 6 }, keyFor('day'))).body).toEqual(body);
    });

    it('leaves no old keys behind', async () => {
      await system.sql(`INSERT INTO idempotency_keys (operation, key, fingerprint, created_at)
        SELECT 'old', n::text, '', now() - interval '2 days' FROM generate_series(1, 25) n`);
      for (const use of ['1', '2', '3']) await send(request, keyFor(`use-${use}`));
      expect(await system.sql(`SELECT FROM idempotency_keys WHERE operation = 'old'`)).toEqual([]);
      expect((await send({ ...request, quantity: 2 }, keyFor('use-1'))).status).toBe(422);
    });
  });

  it('can be used again after a reservation found too little in stock', async () => {
    await setStock(9, 1);
    const two = () => reserve({ product_id: 9, quantity: 2 }, 'too-little');
    expect((await two()).body).toMatchObject({ status: 409, available: 1 });
    await setStock(9, 2);
    expect((await two()).body).toMatchObject({ reserved: 2, remaining_stock: 0 });
    expect((await two()).body).toMatchObject({ reserved: 2, remaining_stock: 0 });
    expect(await stockOf(9)).toBe(0);
  });
});
