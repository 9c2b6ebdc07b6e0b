import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Heat } from '../apps/console/src/catalog/heat';
import type { ServiceSeries } from '../apps/console/src/catalog/series';
import { CHROMIUM, WatchedPage } from './support/browser';
import { ConsoleSystem } from './support/console-system';
import { eventually as within } from './support/eventually';
import { sendForeignSpans } from './support/foreign-spans';
import {
  drawnStates,
  hasNoOverflow,
  moving,
  scrolledParts,
  smallestText,
  unreachable,
  unseenParts,
  violations,
} from './support/page-measures';

// A browser, four services, PostgreSQL and load on two cores: what takes a second elsewhere takes long here.
const PATIENCE_MS = 60_000;
jest.setTimeout(2 * PATIENCE_MS);
const eventually = <T>(expectation: () => T | Promise<T>) => within(expectation, PATIENCE_MS);

const SERVICES = ['product', 'inventory', 'order'];
const SIZES = [
  [360, 780],
  [414, 896],
  [768, 1_024],
  [1_024, 768],
  [1_280, 720],
  [1_366, 768],
  [1_440, 900],
  [1_600, 900],
  [1_920, 1_080],
  [2_560, 1_440],
  [3_440, 1_440],
  [3_840, 2_160],
] as const;

// A machine without Chromium tests everything except the page itself.
const inChromium = CHROMIUM ? describe : describe.skip;

inChromium(`the page of the console${CHROMIUM ? '' : ' (no Chromium found: set CHROMIUM_PATH)'}`, () => {
  let running: ConsoleSystem;
  let watched: WatchedPage;
  const runs = mkdtempSync(join(tmpdir(), 'runs-'));

  beforeAll(async () => {
    running = await ConsoleSystem.start({
      CONSOLE_TRACE_URL: 'http://127.0.0.1:1/trace/{trace_id}',
      CONSOLE_RUNS_DIR: runs,
    });
    watched = await WatchedPage.open(running.console.url);
  });
  afterAll(async () => {
    running?.console.signal('SIGCONT');
    await watched?.close();
    await running?.stop();
    rmSync(runs, { recursive: true, force: true });
  });

  const press = (...keys: string[]) =>
    keys.reduce<Promise<void>>(
      (before, key) => before.then(() => watched.page.keyboard.press(key)),
      Promise.resolve(),
    );
  const heldSquares = () => watched.page.locator('.slots .slot.held').count();
  const title = () => watched.text('.headline h1');
  const headline = () => watched.text('.headline');
  const isNormal = () =>
    eventually(async () => expect(await title()).toMatch(/^Normal: \d+ of 100 connections open$/));
  const choose = async (word: string) => {
    await press('/');
    await watched.page.getByLabel('Search a fault').fill(word);
    await press('Enter');
  };
  const load = (rate: number) =>
    running.console.post('/api/load', { rate }, { 'Content-Type': 'application/json' });
  const pause = (paused: boolean) =>
    running.console.post('/api/load', { paused }, { 'Content-Type': 'application/json' });
  /** A number in the demo's row, in milliseconds. */
  const averageNowMs = async () => {
    const [, amount, unit] =
      /([\d.]+) (m?s)$/.exec(await watched.text('#databases tbody td:nth-child(4)')) ?? [];
    return Number(amount) * (unit === 's' ? 1_000 : 1);
  };

  const inTheme = async (theme: string) => {
    if ((await watched.page.locator('html').getAttribute('data-theme')) !== theme)
      await watched.page.getByRole('button', { name: / colours$/ }).click();
  };
  /** What axe finds in both themes, in the current state of the system. */
  const flaws = async () => {
    const found: string[] = [];
    for (const theme of ['light', 'dark']) {
      await inTheme(theme);
      for (const flaw of await violations(watched.page)) found.push(`${theme}: ${flaw}`);
    }
    return found;
  };

  /** A test that fails with a dialog open must not hide the page from all that follow. */
  afterEach(async () => {
    if (await watched.page.locator('dialog[open]').count()) await press('Escape');
  });

  it('shows three services and five operations', async () => {
    await eventually(async () => {
      expect(await watched.page.locator('#operations tbody tr').count()).toBe(5);
      const database = await watched.text('#databases tbody tr');
      expect(database).toContain('productcatalog');
      for (const service of SERVICES) expect(database).toContain(service);
    });
    expect(await watched.page.locator('.slots .slot').count()).toBe(100);
    await isNormal();
    expect(await watched.page.title()).toMatch(/^Normal: .* · Database load demo$/);
  });

  it('opens a query: its executions, and a trace that crosses the services', async () => {
    await watched.page.getByRole('tab', { name: 'Queries' }).click();
    // The console's role gets plans only for what it may run itself, and which query is the first depends on the load.
    await watched.page.locator('#queries .link', { hasText: 'SELECT' }).first().click();
    await watched.page.locator('.waterfall li').first().waitFor();
    expect(await watched.text('.attributes')).toContain('db.system');
    expect(await watched.page.locator('.trace-link a').getAttribute('href')).toMatch(
      /^http:\/\/127\.0\.0\.1:1\/trace\/[0-9a-f]{32}$/,
    );
    await watched.page.getByRole('button', { name: /^Plan/ }).click();
    await eventually(async () => expect(await watched.text('dialog .plan')).toMatch(/Scan.*cost=/));
    expect(await violations(watched.page)).toEqual([]);
    const before = await watched.text('.load-choice');
    await press('+');
    expect(await watched.text('.load-choice')).toBe(before);
    await press('Escape');
    await watched.page.locator('dialog').waitFor({ state: 'detached' });
    expect(await watched.page.evaluate('document.activeElement.className')).toContain('link');
    const checkout = await eventually(async () => {
      const { body } = await running.console.get('/api/view?window=1');
      const [create] = body.catalog.details.statements.filter((row: any) => row.operation === 'INSERT');
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

  it('opens the session behind a square, with the plan of what it has run last', async () => {
    const { page } = watched;
    // A session that nobody uses keeps its latest statement.
    await pause(true);
    let square = 0;
    // The session behind a square may have ended since it was drawn, or have changed something, which has no plan here.
    await eventually(async () => {
      await running.services.product.get('/products/5');
      const squares = await page.locator('.slots button.slot').all();
      await squares[square++ % squares.length]?.click();
      try {
        await page
          .locator('dialog')
          .getByText(/process id now|role/)
          .first()
          .waitFor({ timeout: 5_000 });
        expect(await watched.text('dialog')).toMatch(/program.*-service@.*role.*dbadmin/);
        const [, pid] = /Session (\d+)/.exec(await watched.text('dialog')) ?? [];
        expect((await running.console.get(`/api/sessions/${pid}/plan`)).status).toBe(200);
        await page.getByRole('button', { name: /^Plan/ }).click();
        await page.locator('dialog .plan').waitFor({ timeout: 5_000 });
        expect(await watched.text('dialog .plan')).toMatch(/Scan.*cost=/);
      } finally {
        await press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
      }
    });
    await pause(false);
  });

  it('shows 95 connections held, requests that wait, and requests that fail', async () => {
    await load(20);
    await choose('exhaust');
    await press('2');
    await eventually(async () => {
      expect(await heldSquares()).toBe(95);
      expect(await headline()).toMatch(/inventory-service has \d+ of the 100 connections/);
    });
    await eventually(async () =>
      expect(await watched.text('.switches')).toMatch(/Pool exhaustion on inventory.*asked 95, holding 95/),
    );
    await choose('slow queries');
    await press('2');
    await eventually(async () => {
      expect(await headline()).toMatch(/% of all requests fail/);
      expect(await watched.page.locator('.mark-waiting').count()).toBeGreaterThan(0);
      expect(await watched.text('.queue')).toMatch(/get 503/);
    });
    expect(await watched.page.locator('.switches li').count()).toBe(2);
    expect(await scrolledParts(watched.page, ['.switches'])).toEqual([]);
    expect(await flaws()).toEqual([]);
  });

  it('charts a wait that rises to its limit, beside a running time that stays at the delay', async () => {
    const inventory = async () => {
      const { body } = await running.console.get('/api/view?window=1');
      const services: ServiceSeries[] = body.catalog.details.series.services;
      const { waiting_ms, running_ms } =
        services.find(({ service }) => service === 'inventory-service') ?? {};
      return { waiting: waiting_ms ?? [], running: running_ms ?? [] };
    };
    const { waiting, running: ran } = await eventually(async () => {
      const series = await inventory();
      expect(series.waiting.filter((ms) => ms !== null && ms > 2_500).length).toBeGreaterThan(4);
      return series;
    });
    const meanwhile = ran.slice(waiting.findIndex((ms) => ms !== null && ms > 2_500));
    for (const ms of meanwhile.filter((one) => one !== null)) expect(ms).toBeGreaterThan(2_000);
    const chart = watched.page.locator('.service-charts figure', { hasText: 'inventory' });
    await eventually(async () =>
      expect(await chart.locator('figcaption').innerText()).toMatch(/waits [23][.\d]* s.*runs [23][.\d]* s/s),
    );
  });

  it('has the delay and the limit of a wait in its heat map', async () => {
    await watched.page.getByRole('tab', { name: 'Heat map' }).click();
    const chart = watched.page.locator('.heat .chart');
    await eventually(async () =>
      expect(await chart.getAttribute('aria-label')).toMatch(/(run|wait), most for .* to /),
    );
    const { body } = await running.console.get('/api/view?window=1');
    const { from_ms, per_decade, running: ran, waiting }: Heat = body.catalog.details.series.heat;
    const row = Math.floor(Math.log10(2_900 / from_ms) * per_decade);
    const has = (steps: number[][]) =>
      steps.some((step) => step.some((value, index) => index % 2 === 0 && value === row));
    expect([has(ran), has(waiting)]).toEqual([true, true]);
    expect(await flaws()).toEqual([]);
    await watched.page.getByRole('tab', { name: 'Operations' }).click();
  });

  it('says why a button does nothing', async () => {
    await choose('exhaust');
    await press('3');
    await eventually(async () =>
      expect(await watched.text('.message')).toBe(
        'inventory-service holds this fault already; reset it there first.',
      ),
    );
  });

  it('is green again after R', async () => {
    await press('r');
    await isNormal();
    expect(await heldSquares()).toBe(0);
    expect(await watched.text('.switches')).toBe('No fault is switched on.');
    await eventually(async () =>
      expect(await watched.text('.events')).toMatch(/Slow queries on inventory for \d:\d\d/),
    );
  });

  it('shows query time climb to the delay, beside what it was before', async () => {
    await press('b');
    await choose('slow queries');
    await press('4');
    await eventually(async () => expect(await averageNowMs()).toBeGreaterThan(2_000));
    expect(await watched.page.locator('.factor').count()).toBeGreaterThan(0);
    await eventually(async () => expect(await headline()).toMatch(/a query takes \d(\.\d)? s on average/));
    expect(await flaws()).toEqual([]);
    await press('b', 'r');
    await isNormal();
  });

  it('says what a setting may be, and what applies meanwhile', async () => {
    const delay = watched.page.locator('#setting-delay_ms');
    await delay.fill('45000');
    expect(await watched.text('.settings [role=alert]')).toBe('1 to 30000; 2900 holds');
    await press('Escape');
    expect(await delay.inputValue()).toBe('2900');
  });

  it('names the session of a stranger who has locked a table, and the failures', async () => {
    await load(30);
    const { host, port, adminUser: user, adminPassword: password, database } = running.system.settings;
    const psql = new Client({ host, port, user, password, database, application_name: 'psql' });
    await psql.connect();
    const [{ pid }] = (await psql.query('SELECT pg_backend_pid() AS pid')).rows;
    await psql.query('BEGIN; LOCK TABLE products');
    const locked = performance.now();
    await eventually(async () =>
      expect(await headline()).toMatch(new RegExp(`held by psql, process ${pid}, idle in transaction`)),
    );
    console.info(
      `the headline named the lock ${Math.round(performance.now() - locked)} ms after it was taken`,
    );
    await eventually(async () => {
      expect(await title()).toBe('A table is locked, and everybody queues behind it');
      expect(await headline()).toMatch(/% of all requests fail/);
    });
    expect(await flaws()).toEqual([]);
    await watched.page.locator('.slots button.slot.lock').first().click();
    await eventually(async () => expect(await watched.text('.tree')).toContain(`${pid} psql`));
    await press('Escape');
    await psql.query('ROLLBACK');
    await psql.end();
    await isNormal();
  });

  it('names a foreign program that has 96 connections', async () => {
    await load(5);
    const { host, port, user, password, database } = running.system.settings;
    const settings = { host, port, user, password, database, application_name: 'report-builder' };
    const foreign: Client[] = [];
    while (foreign.length < 96) {
      const client = new Client(settings);
      client.on('error', () => undefined);
      await eventually(() => client.connect());
      foreign.push(client);
    }
    await eventually(async () =>
      expect(await headline()).toMatch(/report-builder has 96 of the 100 connections/),
    );
    await Promise.all(foreign.map((client) => client.end()));
    await isNormal();
  });

  it('shows what a key does soon after, at 50 requests a second', async () => {
    await load(50);
    const measured: Record<string, number> = {};
    const time = async (what: string, condition: () => Promise<boolean>) => {
      const began = performance.now();
      await eventually(async () => expect(await condition()).toBe(true));
      measured[what] = Math.round(performance.now() - began);
    };
    const heldInPostgres = async () => {
      const [row] = await running.system.sql<{ held: number }>(
        `SELECT count(*)::int AS held FROM pg_stat_activity WHERE application_name LIKE '%held'`,
      );
      return row?.held;
    };
    await choose('exhaust');
    await press('2');
    await Promise.all([
      time('95 held in PostgreSQL', async () => (await heldInPostgres()) === 95),
      time('95 squares', async () => (await heldSquares()) === 95),
      time('headline', async () => /inventory-service has 9\d of the 100/.test(await headline())),
    ]);
    await press('r');
    await Promise.all([
      time('none held in PostgreSQL', async () => (await heldInPostgres()) === 0),
      time('no square', async () => (await heldSquares()) === 0),
    ]);
    await choose('slow queries');
    await press('2');
    await time('"now" above 0.5 s, with a delay of 2.9 s', async () => (await averageNowMs()) > 500);
    await press('r');
    await isNormal();
    console.info(`milliseconds from a press: ${JSON.stringify(measured)}`);
    for (const ms of Object.values(measured)) expect(ms).toBeLessThan(20_000);
  });

  it('says what each backend shows of what the services send it', async () => {
    await watched.page.getByRole('tab', { name: 'What backends show' }).click();
    await eventually(async () => {
      const shown = await watched.text('#tab-panel');
      expect(shown).toMatch(/product-service: 0 failed, \d+ warned, \d+ held/);
      expect(shown).toMatch(/Held: .*Datadog/);
    });
  });

  it('plays a story from its card, step by step', async () => {
    await press('t');
    const cards = watched.page.locator('.stories li');
    await eventually(async () => expect(await cards.count()).toBeGreaterThanOrEqual(8));
    const card = watched.page.getByRole('listitem', { name: 'The first ten minutes' });
    expect(await violations(watched.page)).toEqual([]);
    expect(await card.textContent()).toMatch(/1:15 min/);
    await card.getByRole('button', { name: /^Step by step/ }).click();
    const strip = () => watched.text('.story');
    await eventually(async () => expect(await strip()).toMatch(/1 of 4 .*✓ served_percent = 100/));
    // A presenter's remote sends this key.
    await press('PageDown');
    await eventually(async () => expect(await strip()).toMatch(/2 of 4 Every statement of inventory/));
    await eventually(async () =>
      expect(await watched.text('.switches')).toMatch(/Slow queries on inventory/),
    );
    await watched.page.getByRole('button', { name: 'Stop the story and reset' }).click();
    await eventually(async () => expect(await strip()).toMatch(/stopped in the console.*The report/));
    expect(await watched.text('.switches')).toBe('No fault is switched on.');
    await watched.page.getByRole('button', { name: /^Close/ }).click();
    await isNormal();
  });

  it('keeps the view, the database and the window in the address', async () => {
    await press('s');
    await watched.page.getByLabel('1 min shown', { exact: true }).click();
    await eventually(() => expect(watched.page.url()).toMatch(/\?view=stage&window=1$/));
    await watched.page.reload();
    await watched.page.locator('main.stage').waitFor();
  });

  it('fits in any size, with 200 foreign services and long names', async () => {
    await sendForeignSpans(running.otlpPort);
    const wrong: string[] = [];
    for (const view of ['stage', 'desk']) {
      await watched.page.goto(`${running.console.url}/?view=${view}`);
      await watched.page.locator(`main.${view} .chart canvas`).first().waitFor();
      if (view === 'desk') {
        await eventually(async () => expect(await watched.text('#databases')).toContain('warehouse'));
        await watched.page.getByRole('tab', { name: 'What backends show' }).click();
        // Of all senders, one with a failing rule is shown first.
        await watched.page.locator('.backends .failed summary').first().click();
        expect(await watched.text('.broken-rule')).toMatch(/required, broken by 1 of 1.*source of/);
        expect(await violations(watched.page)).toEqual([]);
      }
      for (const [width, height] of SIZES) {
        await watched.page.setViewportSize({ width, height });
        const overflow = await hasNoOverflow(watched.page);
        if (overflow) wrong.push(`${view} at ${width}x${height}: ${overflow}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await watched.text('#databases tbody tr')).toContain('productcatalog');
  });

  it('shows on the stage at 1280x720 all that matters, and nothing below 16 px', async () => {
    await watched.page.setViewportSize({ width: 1_280, height: 720 });
    await watched.page.goto(`${running.console.url}/`);
    await watched.page.locator('main.stage .chart canvas').first().waitFor();
    const parts = [
      '.headline h1',
      '.slots',
      '.queue',
      '.faults .fault-row',
      '.faults .choice',
      '.chart',
      '.law',
    ];
    await eventually(async () => expect(await unseenParts(watched.page, parts)).toEqual([]));
    expect(await scrolledParts(watched.page, ['.fault-list', '.headline', '.switches'])).toEqual([]);
    expect(await smallestText(watched.page)).toBeGreaterThanOrEqual(16);
  });

  it('has no flaw that axe knows, in both views and themes', async () => {
    for (const [view, width] of [
      ['stage', 1_280],
      ['desk', 1_920],
      ['stage', 360],
    ] as const) {
      await watched.page.setViewportSize({ width, height: 1_080 });
      await watched.page.goto(`${running.console.url}/?view=${view}`);
      await watched.page.locator(`main.${view} .chart canvas`).first().waitFor();
      expect({ view, width, found: await flaws() }).toEqual({ view, width, found: [] });
    }
  });

  it('can be used by keys alone, and always shows the focus', async () => {
    for (const view of ['stage', 'desk']) {
      await watched.page.goto(`${running.console.url}/?view=${view}`);
      await watched.page.locator(`main.${view} .chart canvas`).first().waitFor();
      // If a square's session ends meanwhile, another square replaces it; what no key reaches is missed each time.
      await eventually(async () =>
        expect({ view, found: await unreachable(watched.page) }).toEqual({ view, found: [] }),
      );
    }
  });

  it('shows the states of a square differently in forced colours, and moves nothing if that is wanted', async () => {
    await watched.page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    const drawn = await drawnStates(watched.page);
    expect(drawn).toHaveLength(6);
    expect(new Set(drawn).size).toBe(6);
    expect(await moving(watched.page)).toEqual([]);
    await watched.page.emulateMedia({ forcedColors: 'none', reducedMotion: 'no-preference' });
  });

  it('complained about nothing, and asked for nothing beyond loopback', () => {
    expect(watched.errors).toEqual([]);
    const hosts = new Set(watched.requests.map((request) => new URL(request).hostname));
    expect([...hosts]).toEqual(['127.0.0.1']);
  });

  it('turns grey, and says how old it is, when the console says nothing', async () => {
    running.console.signal('SIGSTOP');
    const stopped = performance.now();
    await eventually(async () => {
      expect(await title()).toMatch(/^No contact for \d+\.\d s$/);
      expect(await watched.page.locator('.page.stale').count()).toBe(1);
    });
    console.info(`grey ${Math.round(performance.now() - stopped)} ms after the console stopped`);
    running.console.signal('SIGCONT');
    await eventually(async () => expect(await watched.page.locator('.page.stale').count()).toBe(0));
  });
});
