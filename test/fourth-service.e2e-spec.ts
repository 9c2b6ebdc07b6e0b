import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from '../tools/places';
import { eventually } from './support/eventually';
import { freePort, System } from './support/system';

/** Everything that the build of the programs reads. */
const SOURCES = [
  ...['apps', 'libs', 'tools', 'package.json', 'nest-cli.json', 'rolldown.config.mts'],
  ...['tsconfig.json', 'tsconfig.build.json'],
];

/** A folder below apps/ … */
const FOLDER = {
  'main.ts': `import { startService } from '@app/bootstrap';
import { ReviewModule } from './review.module';

void startService('review', ReviewModule);
`,
  'review.module.ts': `import { DatabaseModule } from '@app/database';
import { DemoChaosModule } from '@app/demo-chaos';
import { HealthModule } from '@app/health';
import { Module } from '@nestjs/common';
import { ReviewsController } from './reviews.controller';
import { ReviewsRepository } from './reviews.repository';

@Module({
  imports: [DatabaseModule, HealthModule, DemoChaosModule],
  controllers: [ReviewsController],
  providers: [ReviewsRepository],
})
export class ReviewModule {}
`,
  'reviews.controller.ts': `import { Controller, Get } from '@nestjs/common';
import { ReviewsRepository } from './reviews.repository';

@Controller('reviews')
export class ReviewsController {
  constructor(private readonly reviews: ReviewsRepository) {}

  @Get()
  async list() {
    return { reviewed: await this.reviews.products() };
  }
}
`,
  'reviews.repository.ts': `import { Database, select } from '@app/database';
import { Injectable } from '@nestjs/common';

const PRODUCTS = select<{ id: number }>('products', 'SELECT id FROM products ORDER BY id LIMIT 2');

@Injectable()
export class ReviewsRepository {
  constructor(private readonly database: Database) {}

  products(): Promise<{ id: number }[]> {
    return this.database.rows(PRODUCTS);
  }
}
`,
};
/** … and one entry in the list. */
const ENTRY = `  { key: 'review', name: 'review-service', port: 30_020, reads: '/reviews', color: 3 },\n`;

/** The example of docs/adding-a-fault.md: a file … */
const FAULT =
  /```ts\n([\s\S]*?)```/.exec(readFileSync(join(CHECKOUT, 'docs/adding-a-fault.md'), 'utf8'))?.[1] ?? '';
const FAULTS = 'libs/demo-chaos/src/faults';
/** … and its line in the list. */
const FAULT_IMPORT = `import { SleeperFault } from './sleeper/sleeper.fault';\n`;

describe('a fourth service, and one more fault', () => {
  let copy: string;
  let system: System;
  const children: ReturnType<typeof spawn>[] = [];

  beforeAll(async () => {
    copy = mkdtempSync(join(tmpdir(), 'load-demo-fourth-'));
    for (const source of SOURCES) cpSync(join(CHECKOUT, source), join(copy, source), { recursive: true });
    symlinkSync(join(CHECKOUT, 'node_modules'), join(copy, 'node_modules'));
    // The page is unchanged.
    const page = 'dist/apps/console/public';
    cpSync(join(CHECKOUT, page), join(copy, page), { recursive: true });
    mkdirSync(join(copy, 'apps/review/src'), { recursive: true });
    for (const [file, text] of Object.entries(FOLDER))
      writeFileSync(join(copy, 'apps/review/src', file), text);
    const list = join(copy, 'libs/configuration/src/services.ts');
    writeFileSync(list, readFileSync(list, 'utf8').replace(/^\] as const/m, `${ENTRY}] as const`));
    mkdirSync(join(copy, FAULTS, 'sleeper'));
    writeFileSync(join(copy, FAULTS, 'sleeper/sleeper.fault.ts'), FAULT);
    const faults = join(copy, FAULTS, 'all-faults.ts');
    const before = readFileSync(faults, 'utf8');
    writeFileSync(faults, FAULT_IMPORT + before.replace(/^\];/m, '  SleeperFault,\n];'));
    // This checks the types too.
    execFileSync('node_modules/.bin/nest', ['build'], { cwd: copy, stdio: 'pipe' });
    execFileSync('node_modules/.bin/rolldown', ['--config', 'rolldown.config.mts'], {
      cwd: copy,
      stdio: 'pipe',
    });
    system = await System.start();
  }, 240_000);
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await system?.stop();
    rmSync(copy, { recursive: true, force: true });
  });

  async function start(program: string, more: Record<string, string> = {}): Promise<string> {
    const { host, port, password, controlPassword } = system.settings;
    const own = String(await freePort());
    const env = {
      ...{ PATH: process.env.PATH, PORT: own, CONSOLE_OTLP_PORT: '0', LISTEN_ADDRESS: '127.0.0.1' },
      ...{
        DB_HOST: host,
        DB_PORT: String(port),
        DB_PASSWORD: password,
        DB_CONTROL_PASSWORD: controlPassword,
      },
      ...more,
    };
    children.push(spawn(process.execPath, [join(copy, `dist/${program}.js`)], { env, stdio: 'ignore' }));
    await eventually(() => get(`http://127.0.0.1:${own}/health/live`));
    return `http://127.0.0.1:${own}`;
  }

  const get = async (url: string) => (await (await fetch(url)).json()) as Record<string, any>;

  it('is a folder and an entry: it runs, it counts, it can be broken, and the console shows it', async () => {
    const url = await start('review');
    await eventually(async () => {
      expect(await get(`${url}/reviews`)).toEqual({ reviewed: [{ id: 1 }, { id: 2 }] });
    });
    await fetch(`${url}/demo/simulate-pool-exhaustion`, { method: 'POST', body: '{"connections":7}' });
    const { connection_pool } = await get(`${url}/health`);
    expect(connection_pool.by_service['review-service']).toMatchObject({ held_by_fault: 7 });
    const page = await start('console', { REVIEW_URL: url });
    await eventually(async () => {
      const { services } = await get(`${page}/api/view`);
      expect(services).toHaveLength(4);
      expect(services.at(-1)).toMatchObject({ service: 'review-service', up: true, color: 3 });
    });
  });

  it('has the fault of the documentation: it is offered, proven on the server, and ends', async () => {
    const url = await start('review');
    await eventually(async () => {
      const { faults } = await get(`${url}/demo/faults`);
      expect(faults).toContainEqual(expect.objectContaining({ name: 'sleeper', available: true }));
    });
    const change = async (method: string, body?: string) =>
      (await fetch(`${url}/demo/faults/sleeper`, { method, body })).json();
    expect(await change('POST', '{"sessions":3}')).toMatchObject({ asked: { sessions: 3 } });
    await eventually(async () => {
      const { faults } = await get(`${url}/demo/status`);
      expect(faults).toContainEqual(
        expect.objectContaining({ fault: 'sleeper', effective: true, measured: { asleep: 3 } }),
      );
    });
    const asleep = async () =>
      (await system.sql("SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length;
    expect(await asleep()).toBe(3);
    expect(await change('DELETE')).toMatchObject({ stopped: ['sleeper'] });
    await eventually(async () => expect(await asleep()).toBe(0));
  });

  it('has that fault in the table of README.md when it is printed again', () => {
    const program = join(copy, 'dist/tools/fault-table/fault-table.js');
    const table = execFileSync(process.execPath, [program], { encoding: 'utf8' });
    expect(table).toMatch(/^\| \[`sleeper`\]\(\S+#sleeper\) \| Sessions of the budget sleep \|$/m);
  });

  it.each([
    ['start', /^ {2}REVIEW_PORT +30020$/m],
    ['load', /^ {2}--review URL +http:\/\/localhost:30020$/m],
    ['verify', /^ {2}--review URL +http:\/\/localhost:30020$/m],
  ])('is in the help of %s', (program, line) => {
    const help = execFileSync(process.execPath, [join(copy, `dist/${program}.js`), '--help'], {
      encoding: 'utf8',
    });
    expect(help).toMatch(line);
  });
});
