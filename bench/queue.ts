import { createRequire } from 'node:module';
import type { Database } from './database.ts';
import { middleHalf, type Spread } from './statistics.ts';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { NestFactory } = require('@nestjs/core');
const { Pool } = require('pg');
const { ConnectionQueue, DatabaseModule } = require('../dist/libs/database/src/index.js');
const { Configuration } = require('../dist/libs/configuration/src/index.js');
const { Shutdown } = require('../dist/libs/lifecycle/src/index.js');
const { TelemetryModule, Telemetry } = require('../dist/libs/telemetry/src/index.js');

/** Statements at once: as many as there are connections, so that none waits. */
const AT_ONCE = 8;

/** Ratio of statements per second through the queue to those through pg's pool alone. */
export async function queueRatio(
  database: Database,
  rounds: number,
  seconds: number,
  progress: (text: string) => void,
): Promise<Spread> {
  const configuration = Object.assign(new Configuration(), {
    ...database.environment,
    DB_PORT: database.port,
    // While the other has its turn, no connection is closed, only to be opened again in the next.
    DB_POOL_IDLE_TIMEOUT_MS: 60_000,
    SERVICE_NAME: 'bench',
    PORT: 0,
  });
  class Bench {}
  const module = {
    module: Bench,
    global: true,
    imports: [DatabaseModule, TelemetryModule],
    providers: [
      { provide: Configuration, useValue: configuration },
      Shutdown,
      { provide: Telemetry, useValue: { disabled: true } },
    ],
    exports: [Configuration, Shutdown, Telemetry],
  };
  const app = await NestFactory.createApplicationContext(module, { logger: ['error'] });
  const queue = app.get(ConnectionQueue);
  // Both sides have the same time limit, because a timer for each statement is not part of the queue.
  const { DB_STATEMENT_TIMEOUT_MS: query_timeout } = configuration;
  const plain = new Pool({ ...poolOptions(database), query_timeout, max: AT_ONCE });
  const statement = { name: 'bench', text: 'SELECT id FROM products WHERE id = $1', values: [1] };
  const queued = async () => {
    const client = await queue.acquire();
    await client.query(statement);
    queue.release(client);
  };
  const direct = async () => {
    const client = await plain.connect();
    await client.query(statement);
    client.release();
  };
  const ratios: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    progress(`queue and plain pool, round ${round} of ${rounds}`);
    const [with_, without] = [await perSecond(queued, seconds), await perSecond(direct, seconds)];
    if (round > 0) ratios.push(with_ / without);
  }
  await plain.end();
  // Otherwise its connections would be missing from the budget of the next part.
  await app.get(Shutdown).run();
  await app.close();
  return middleHalf(ratios);
}

function poolOptions({ environment, port }: Database) {
  const { DB_HOST: host, DB_NAME: database, DB_USER: user, DB_PASSWORD: password } = environment;
  return { host, port, database, user, password };
}

async function perSecond(once: () => Promise<void>, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1_000;
  let done = 0;
  const loop = async () => {
    while (performance.now() < end) {
      await once();
      done++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loop));
  return done / seconds;
}
