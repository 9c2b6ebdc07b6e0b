import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM_PATHS = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The Chromium of this machine; undefined if there is none. */
export const CHROMIUM = CHROMIUM_PATHS.find((path) => path && existsSync(path));

// Headless as root, and silent: it must not check for updates while requests to foreign hosts are counted.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  // The tested page is on loopback, whatever proxy the environment names.
  '--no-proxy-server',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A page in a browser, with everything that it complained about and everything that it requested. */
export class WatchedPage {
  readonly errors: string[] = [];
  readonly requests: string[] = [];

  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
  ) {
    page.on('console', (line) => {
      if (line.type() === 'error' || line.type() === 'warning') this.errors.push(line.text());
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('request', (request) => this.requests.push(request.url()));
  }

  static async open(url: string): Promise<WatchedPage> {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    const page = await browser.newPage({ viewport: { width: 1_920, height: 1_080 } });
    const watched = new WatchedPage(browser, page);
    await page.goto(url);
    return watched;
  }

  /** Text of the first matching element. */
  async text(selector: string): Promise<string> {
    return (await this.page.locator(selector).first().textContent()) ?? '';
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
