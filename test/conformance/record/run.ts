// Records what OpenTelemetry's auto-instrumentation makes of shop.cjs, in four modes, as files of ../corpus:
//   npm run build && nest build product --path test/tsconfig.build.json && node dist/test/conformance/record/run.js OLD CURRENT
// OLD and CURRENT are folders that have express, pg and a release of @opentelemetry/auto-instrumentations-node installed:
// 0.67.0, which lets one choose the generation of names, and 0.82.0, which knows the stable ones alone.
import { fork } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startPostgres } from '@app/embedded-postgres';
import { Client } from 'pg';
import { Capture, type CapturedRequest } from '../../../tools/conformance/capture';

interface Mode {
  /** The folder with the release of the instrumentation. */
  release: string;
  /** OTEL_SEMCONV_STABILITY_OPT_IN. */
  optIn: string | undefined;
}

const [OLD = '', CURRENT = ''] = process.argv.slice(2).map((folder) => resolve(folder));
const MODES: Record<string, Mode> = {
  'auto-old': { release: OLD, optIn: undefined },
  'auto-stable': { release: OLD, optIn: 'http,database' },
  'auto-dup': { release: OLD, optIn: 'http/dup,database/dup' },
  'auto-current': { release: CURRENT, optIn: undefined },
};
const CORPUS = resolve('test/conformance/corpus');
const SHOP = resolve('test/conformance/record/shop.cjs');
const PORT = 35_432;

async function record(name: string, { release, optIn }: Mode, database: string): Promise<void> {
  copyFileSync(SHOP, join(release, 'shop.cjs'));
  const capture = await Capture.start();
  const service = fork(join(release, 'shop.cjs'), {
    execArgv: ['--require', '@opentelemetry/auto-instrumentations-node/register'],
    cwd: release,
    env: {
      ...{
        PATH: process.env.PATH,
        DATABASE_URL: database,
        OTEL_SERVICE_NAME: 'shop',
        OTEL_NODE_RESOURCE_DETECTORS: 'env',
      },
      ...{
        OTEL_METRICS_EXPORTER: 'otlp',
        OTEL_LOGS_EXPORTER: 'otlp',
        OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'fs,net,dns,runtime-node',
      },
      ...capture.environment('http/json'),
      ...(optIn && { OTEL_SEMCONV_STABILITY_OPT_IN: optIn }),
    },
  });
  const port = await new Promise<unknown>((done, fail) => {
    service.once('message', done);
    service.once('exit', (code) => fail(new Error(`${name} ended with ${code}`)));
  });
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  for (const path of ['/users/1', '/users/9', '/jane', '/nowhere', '/broken']) await get(path);
  await Promise.all([get('/slow'), setTimeout(100).then(() => get('/users/1'))]);
  await setTimeout(1_500);
  // The SDK flushes at SIGTERM but does not end the process, which would go on listening.
  service.removeAllListeners('exit');
  service.kill('SIGTERM');
  await setTimeout(1_000);
  service.kill('SIGKILL');
  await capture.stop();
  writeFileSync(join(CORPUS, `${name}.json`), compact(capture.requests));
  process.stdout.write(`${name}: ${capture.spans.length} spans, ${capture.metrics.length} points\n`);
}

/** One document of everything that was sent, with only the last export of each metric. */
function compact(requests: readonly CapturedRequest[]): string {
  const all = { resourceSpans: [], resourceMetrics: [], resourceLogs: [] } as Record<string, unknown[]>;
  for (const { signal, body } of requests) {
    const sent = JSON.parse(body.toString());
    if (signal === 'metrics') all.resourceMetrics = sent.resourceMetrics;
    else for (const [field, list] of Object.entries<unknown[]>(sent)) all[field]?.push(...list);
  }
  return `${JSON.stringify(all)}\n`;
}

async function main(): Promise<void> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'conformance-record-'));
  chmodSync(dataFolder, 0o711);
  const postgres = await startPostgres({
    dataDir: join(dataFolder, 'postgres'),
    port: PORT,
    password: 'recorded',
    flags: [],
  });
  try {
    const database = `postgres://postgres:recorded@127.0.0.1:${PORT}/postgres`;
    const client = new Client({ connectionString: database });
    await client.connect();
    await client.query(
      "CREATE TABLE users (id int PRIMARY KEY, name text); INSERT INTO users VALUES (1, 'Jane')",
    );
    await client.end();
    for (const [name, mode] of Object.entries(MODES)) await record(name, mode, database);
  } finally {
    await postgres.stop('immediate');
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

void main();
