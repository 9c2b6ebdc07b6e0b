import { CHROMIUM, WatchedPage } from './support/browser';
import { ConsoleSystem } from './support/console-system';
import { eventually as within } from './support/eventually';

// A browser, four services, PostgreSQL and load on two cores: what takes a second there takes long elsewhere.
const PATIENCE_MS = 60_000;
jest.setTimeout(2 * PATIENCE_MS);
const eventually = <T>(expectation: () => T | Promise<T>) => within(expectation, PATIENCE_MS);

const SERVICES = ['product', 'inventory', 'order'];

// A machine without Chromium tests all but the page itself.
const inChromium = CHROMIUM ? describe : describe.skip;

inChromium(`the page of the console${CHROMIUM ? '' : ' (no Chromium found: set CHROMIUM_PATH)'}`, () => {
  let running: ConsoleSystem;
  let watched: WatchedPage;

  beforeAll(async () => {
    running = await ConsoleSystem.start();
    watched = await WatchedPage.open(running.console.url);
  });
  afterAll(async () => {
    await watched?.close();
    await running?.stop();
  });

  const heldSquares = () => watched.page.locator('.slots .slot.held').count();
  /** The average query time of the catalog, in milliseconds. */
  const averageMs = async () => {
    const [, amount, unit] =
      /([\d.]+) (m?s)/.exec(await watched.text('.databases tbody td:nth-child(4)')) ?? [];
    return Number(amount) * (unit === 's' ? 1_000 : 1);
  };

  it('shows three services and five operations', async () => {
    await eventually(async () => {
      expect(await watched.page.locator('#operations tbody tr').count()).toBe(5);
      const database = await watched.text('.databases tbody tr');
      expect(database).toContain('productcatalog');
      for (const service of SERVICES) expect(database).toContain(service);
    });
    expect(await watched.page.locator('.slots .slot').count()).toBe(100);
    expect(await watched.text('.notice strong')).toMatch(/^Normal: \d of 100 connections open$/);
  });

  it('opens a query: its executions, and a trace that crosses the services', async () => {
    await watched.page.locator('#queries .link').first().click();
    await watched.page.locator('.waterfall li').first().waitFor();
    expect(await watched.text('.attributes')).toContain('db.system');
    await watched.page.keyboard.press('Escape');
    await watched.page.locator('dialog').waitFor({ state: 'detached' });
    const checkout = await eventually(async () => {
      const { body } = await running.console.get('/api/view?window=1');
      const [create] = body.catalog.databases[0].statements.filter((row: any) => row.operation === 'INSERT');
      const path = `/api/spans?statement=${encodeURIComponent(create.statement)}`;
      const spans: any = (await running.console.get(path)).body;
      for (const { traceId } of spans) {
        const trace: any = (await running.console.get(`/api/traces/${traceId}`)).body;
        if (trace[0].name === 'checkout' && trace.length >= 13) return trace;
      }
      throw new Error('no checkout yet');
    });
    const services = new Set(checkout.map(({ service }: { service: string }) => service));
    expect([...services].sort()).toEqual([
      'inventory-service',
      'load-generator',
      'order-service',
      'product-service',
    ]);
  });

  it('shows 95 connections held, and requests that fail', async () => {
    await watched.page.getByLabel('Arrivals per second').fill('20');
    await watched.page.keyboard.press('6');
    await eventually(async () => {
      expect(await heldSquares()).toBe(95);
      expect(await watched.text('.notice strong')).toBe('inventory-service holds 95 of 100 connections');
    });
    await watched.page.keyboard.press('2');
    await eventually(async () => expect(await watched.text('.databases tbody td:last-child')).not.toBe('0'));
    await eventually(async () => expect(await watched.text('.faults')).toMatch(/asked 95, holding 95/));
  });

  it('says why a button does nothing', async () => {
    await watched.page.keyboard.press('7');
    await eventually(async () =>
      expect(await watched.text('.message')).toBe(
        'inventory-service holds connections already; reset it there first.',
      ),
    );
  });

  it('is green again after R', async () => {
    await watched.page.keyboard.press('r');
    await eventually(async () => {
      expect(await watched.text('.notice strong')).toMatch(/^Normal/);
      expect(await heldSquares()).toBe(0);
      expect(await watched.text('.faults')).not.toMatch(/holding/);
    });
  });

  it('shows query time climb to the delay', async () => {
    await watched.page.getByLabel('Show the last 1 min').click();
    await watched.page.keyboard.press('4');
    await eventually(async () => expect(await averageMs()).toBeGreaterThan(500));
    await eventually(async () =>
      expect(await watched.text('.notice strong')).toBe('Every query of 3 services takes 2.90 s longer'),
    );
    await watched.page.keyboard.press('r');
    await eventually(async () => expect(await watched.text('.notice strong')).toMatch(/^Normal/));
  });

  it('gives every control a name that says what it does', async () => {
    const controls = watched.page.locator('button, input, select');
    expect(await controls.count()).toBeGreaterThan(20);
    for (const control of await controls.all()) {
      const name = await control.evaluate(
        (element) =>
          element.getAttribute('aria-label') ?? (element as { textContent?: string }).textContent ?? '',
      );
      expect(name.trim().length).toBeGreaterThan(2);
    }
    const keys = await watched.page
      .locator('[data-key]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-key')));
    expect(keys.sort()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', 'R']);
  });

  it('fits in both colour schemes without scrolling', async () => {
    for (const scheme of ['dark', 'light']) {
      await eventually(async () => {
        const theme = await watched.page.locator('html').getAttribute('data-theme');
        if (theme !== scheme) await watched.page.getByLabel(/^Switch to/).click();
        expect(await watched.page.locator('html').getAttribute('data-theme')).toBe(scheme);
      });
      const overflow = await watched.page
        .locator('html')
        .evaluate(({ scrollWidth, scrollHeight }) => [scrollWidth, scrollHeight]);
      expect(overflow).toEqual([1_920, 1_080]);
    }
  });

  it('complained about nothing, and asked for nothing beyond loopback', () => {
    expect(watched.errors).toEqual([]);
    const hosts = new Set(watched.requests.map((request) => new URL(request).hostname));
    expect([...hosts]).toEqual(['127.0.0.1']);
  });
});
