import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { CHROMIUM, WatchedPage } from '../support/browser';
import { ConsoleSystem } from '../support/console-system';
import { eventually } from '../support/eventually';

const HELP = `Takes the pictures of the README and the guide anew, of the real system in the states that they show.

Usage: npm run pictures [-- OPTIONS]

  --to FOLDER  where to put them: docs/screenshots
  --help

It needs Chromium (CHROMIUM_PATH, where it is in no usual place) and takes about three minutes.`;

const STAGE = { width: 1_280, height: 720 };
const DESK = { width: 1_920, height: 1_080 };
const PATIENCE_MS = 60_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      to: { type: 'string', default: 'docs/screenshots' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  if (!CHROMIUM) throw new Error('no Chromium found: set CHROMIUM_PATH');
  const running = await ConsoleSystem.start();
  try {
    const watched = await WatchedPage.open(`${running.console.url}/?view=stage&window=1`);
    await new Pictures(running, watched, values.to).take();
    await watched.close();
  } finally {
    await running.stop();
  }
}

class Pictures {
  constructor(
    private readonly running: ConsoleSystem,
    private readonly watched: WatchedPage,
    private readonly folder: string,
  ) {}

  async take(): Promise<void> {
    await this.post('load', { rate: 20 });
    await this.watched.page.setViewportSize(STAGE);
    await this.until(/^Normal/);
    await setTimeout(20_000);
    await this.both('rest');
    await this.trace();
    await this.post('faults/all/slow-queries', { delay_ms: 2_900 });
    await this.until(/much longer/);
    await setTimeout(20_000);
    await this.both('slow');
    await this.reset();
    await this.post('load', { rate: 40 });
    await this.post('faults/inventory/pool-exhaustion', { connections: 95 });
    await this.post('faults/inventory/slow-queries', { delay_ms: 2_900 });
    await this.until(/taken and not used/);
    await setTimeout(15_000);
    await this.both('exhausted');
    await this.onDesk(async (page) => {
      await page.getByRole('tab', { name: 'Heat map' }).click();
      await this.both('heat');
    });
    await this.reset();
    await this.lock();
  }

  /** Shows a table that somebody has locked in psql. */
  private async lock(): Promise<void> {
    const { host, port, adminUser: user, adminPassword: password, database } = this.running.system.settings;
    const psql = new Client({ host, port, user, password, database, application_name: 'psql' });
    await psql.connect();
    await psql.query('BEGIN; LOCK TABLE products');
    await this.until(/A table is locked/);
    await setTimeout(10_000);
    await this.both('lock');
    await psql.end();
  }

  /** Shows a query, and the trace of a checkout in which it was run. */
  private trace(): Promise<void> {
    return this.onDesk(async (page) => {
      await page.getByRole('tab', { name: 'Queries' }).click();
      await this.both('trace', async () => {
        await page.locator('#queries .link').filter({ hasText: 'INSERT' }).first().click();
        await page
          .getByRole('navigation', { name: 'Executions' })
          .getByRole('button', { name: /1\d spans/ })
          .first()
          .click();
        await page.locator('.waterfall li').nth(9).waitFor();
      });
    });
  }

  /** Turns to the desk, and back to the stage afterwards. */
  private async onDesk(show: (page: WatchedPage['page']) => Promise<void>): Promise<void> {
    const { page } = this.watched;
    await page.goto(`${this.running.console.url}/?view=desk&window=1`);
    await page.setViewportSize(DESK);
    await show(page);
    await page.setViewportSize(STAGE);
    await page.goto(`${this.running.console.url}/?view=stage&window=1`);
  }

  /** Takes the current state in both themes, with what is opened for the moment. */
  private async both(name: string, open?: () => Promise<void>): Promise<void> {
    const { page } = this.watched;
    for (const theme of ['light', 'dark']) {
      if ((await page.locator('html').getAttribute('data-theme')) !== theme)
        await page.getByRole('button', { name: / colours$/ }).click();
      await open?.();
      // Charts are drawn again with the next numbers.
      await setTimeout(1_500);
      await page.screenshot({ path: join(this.folder, `${name}-${theme}.png`) });
      if (open) await page.keyboard.press('Escape');
      process.stdout.write(`${name}-${theme}.png\n`);
    }
  }

  private async reset(): Promise<void> {
    await this.post('faults/all/reset', {});
    await this.until(/^Normal/);
    // The numbers of the last seconds must include it.
    await setTimeout(8_000);
  }

  private async until(title: RegExp): Promise<void> {
    await eventually(async () => {
      const now = await this.watched.text('.headline h1');
      if (!title.test(now)) throw new Error(`the page says "${now}", and not ${title}`);
    }, PATIENCE_MS);
  }

  private async post(path: string, body: object): Promise<void> {
    const { status } = await this.running.console.post(`/api/${path}`, body, {
      'Content-Type': 'application/json',
    });
    if (status >= 300) throw new Error(`/api/${path} answered ${status}`);
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n\n${HELP}\n`);
  process.exitCode = 2;
});
