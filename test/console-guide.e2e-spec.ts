import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { ConsoleSystem } from './support/console-system';
import { eventually } from './support/eventually';
import type { Answer } from './support/running-service';

const DIST = join(__dirname, '../dist');
const PORTS = { '30010': 'product', '30015': 'inventory', '30016': 'order' } as const;

const document = (name: string) => readFileSync(join(__dirname, '../docs', name), 'utf8');
/** The lines of all blocks in a language. */
const blocks = (text: string, language: string) =>
  text
    .split('\n```')
    .filter((part) => part.startsWith(`${language}\n`))
    .map((part) => part.slice(language.length + 1).trim());

describe('what a presenter reads', () => {
  let running: ConsoleSystem;
  beforeAll(async () => {
    running = await ConsoleSystem.start();
  });
  afterAll(() => running?.stop());

  /** The text with the addresses of this test. */
  const moved = (text: string) =>
    text.replace(
      /(?:localhost|\$HOST|\{\{host\}\}):(30010|30015|30016)/g,
      (_, port: keyof typeof PORTS) => `127.0.0.1:${running.services[PORTS[port]].port}`,
    );

  /** Runs a line in a shell; a command of npm as the program that it starts. */
  async function run(line: string): Promise<string> {
    const [, script, args = ''] = /^npm run (load|verify)(?: -- (.*))?$/.exec(line) ?? [];
    const targets = [
      ...running.arguments,
      ...(script === 'verify' ? ['--console', running.console.url] : []),
    ];
    const command = script
      ? [process.execPath, join(DIST, `${script}.js`), args, ...targets].join(' ')
      : moved(line.replace(/ \| jq .*$/, '')).replace(/^curl/, "curl -sS --fail-with-body --noproxy '*'");
    return (await promisify(execFile)('sh', ['-c', command])).stdout;
  }

  it.each([
    ['guide.md', 16],
    ['quick-reference.md', 12],
  ])(
    'has commands that work, line by line: %s',
    async (name, count) => {
      const lines = blocks(document(name), 'bash').join('\n').split('\n');
      expect(lines).toHaveLength(count);
      const answers = new Map<string, string>();
      for (const line of lines) answers.set(line, await run(line));
      const said = (part: string) => [...answers].find(([line]) => line.includes(part))?.[1] ?? '';
      expect(JSON.parse(said('simulate-pool-exhaustion'))).toMatchObject({
        effective: true,
        measured: { holding: 95 },
      });
      expect(JSON.parse(said('30015/health')).connection_pool).toMatchObject({ max_connections: 100 });
      expect(JSON.parse(said('demo/reset')).stopped).toContain('pool-exhaustion');
      expect(said('npm run verify')).toContain('14 passed, 0 failed');
    },
    120_000,
  );

  it('has SQL that shows what the text says', async () => {
    const [active, held] = blocks(document('guide.md'), 'sql');
    const { inventory } = running.services;
    await inventory.post('/demo/simulate-pool-exhaustion', { connections: 20 });
    const [most] = await running.system.sql(held as string);
    expect(most).toMatchObject({
      application_name: expect.stringMatching(/^inventory-service@.* held$/),
      count: '20',
    });
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 1_500 });
    const asked = inventory.get('/inventory/check/5');
    await eventually(async () => {
      const rows = await running.system.sql(active as string);
      expect(rows).toMatchObject([
        { wait_event: 'PgSleep', query: expect.stringContaining('FROM products') },
      ]);
    });
    await asked;
    await inventory.post('/demo/reset');
  });

  it('has SQL for each failure, for any role in pg_monitor', async () => {
    const text = document('failures-catalogue.md');
    const queries = blocks(text, 'sql');
    expect(queries).toHaveLength(text.match(/^### /gm)?.length as number);
    const { host, port, database, controlUser: user, controlPassword: password } = running.system.settings;
    const session = new Client({ host, port, database, user, password, application_name: 'psql' });
    await session.connect();
    for (const query of queries) {
      const ran = session.query(query).then(({ command }) => command, String);
      expect([query, await ran]).toEqual([query, 'SELECT']);
    }
    await session.end();
  });

  it('has SQL that shows who waits for whom', async () => {
    const [, section = ''] = document('failures-catalogue.md').split('### hot-row-lock');
    const [query] = blocks(section, 'sql');
    const { inventory } = running.services;
    await inventory.post('/demo/faults/hot-row-lock', { rows: 6 });
    const reserved = inventory.post('/inventory/reserve', { product_id: 5, quantity: 1 });
    await eventually(async () => {
      const [root, waiter] = await running.system.sql(query as string);
      expect(root).toMatchObject({ state: 'idle in transaction', blocked_by: [] });
      expect(waiter).toMatchObject({
        blocked_by: [root?.pid],
        query: expect.stringMatching(/^UPDATE products/),
      });
    });
    await inventory.post('/demo/reset');
    await reserved;
  });

  it('has requests for REST clients that work, one by one', async () => {
    const requests = moved(document('demo.http'))
      .split(/^### .*$/m)
      .slice(1);
    expect(requests).toHaveLength(10);
    const answers: Pick<Answer, 'status' | 'body'>[] = [];
    for (const text of requests) {
      const [, method, url, headers = '', body] =
        /^\s*(GET|POST) (\S+)\n?([\s\S]*?)(?:\n\n([\s\S]+))?$/.exec(text.trimEnd()) ?? [];
      const pairs = headers
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(': ') as [string, string]);
      const response = await fetch(url as string, { method, headers: pairs, body });
      answers.push({ status: response.status, body: (await response.json()) as Answer['body'] });
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 201, 200, 200, 200, 200, 200, 200]);
    expect(answers.at(-1)?.body.stopped.sort()).toEqual(['pool-exhaustion', 'slow-queries']);
  });
});
