import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluate, READERS } from '@app/conformance';
import { ValueType } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { parseAllDocuments } from 'yaml';
import { CollectorConfiguration } from '../tools/conformance/collector/configuration';
import { throughCollector } from '../tools/conformance/collector/through-collector';
import { conventionChanges } from '../tools/conformance/conventions-check';
import { readFiles } from '../tools/conformance/receive/captured-file';
import { ruleTable } from '../tools/conformance/report/rule-table';

const ROOT = join(__dirname, '..');
const CLI = join(ROOT, 'dist/conformance.js');
const CORPUS = join(__dirname, 'conformance/corpus');
const corpus = (name: string) => join(CORPUS, `${name}.json`);

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function conformance(...options: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...options], { maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

describe('the corpus: what instrumentations of several languages send', () => {
  const verdicts = JSON.parse(readFileSync(join(__dirname, 'conformance/verdicts.json'), 'utf8'));

  it.each(readdirSync(CORPUS).map((file) => file.replace('.json', '')))(
    '%s has the verdict that it had',
    (name) => {
      const broken: Record<string, string> = {};
      for (const verdict of evaluate(readFiles([corpus(name)]), { level: 'required' })) {
        if (verdict.broken === 0) continue;
        const rule = verdict.id.slice(verdict.reader.length + 1);
        broken[verdict.reader] = broken[verdict.reader] ? `${broken[verdict.reader]} ${rule}` : rule;
      }
      expect(broken).toEqual(verdicts[name]);
    },
  );
});

describe('the shipped Collectors', () => {
  const read = (name: string) => CollectorConfiguration.read(join(ROOT, 'deploy', name));

  /** The chart's tests compare these files with what helm renders. */
  function renderedByTheChart(): CollectorConfiguration {
    const manifests = parseAllDocuments(readFileSync(join(ROOT, 'test/chart/golden/coralogix.yaml'), 'utf8'));
    const maps = manifests.map((manifest) => manifest.toJS() as { data?: Record<string, string> } | null);
    const configuration = maps.find((map) => map?.data?.['collector.yaml'])?.data?.['collector.yaml'];
    const folder = mkdtempSync(join(tmpdir(), 'chart-collector-'));
    try {
      const file = join(folder, 'collector.yaml');
      writeFileSync(file, configuration ?? '');
      return CollectorConfiguration.read(file);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it.each([
    ['deploy/otel-collector-coralogix.yaml', () => read('otel-collector-coralogix.yaml')],
    ["the chart's", renderedByTheChart],
  ])('of %s makes spans under current names visible to Coralogix, and drops none', (_, configuration) => {
    const { spans } = readFiles([corpus('java-agent-stable')]);
    const { passages, exported } = throughCollector(configuration(), spans);
    expect(passages.flatMap(({ notRead, warnings }) => [...notRead, ...warnings])).toEqual([]);
    expect(exported).toHaveLength(spans.length);
    const verdicts = evaluate(
      { spans: exported, metrics: [], logs: [] },
      { readers: ['coralogix-catalog', 'coralogix-span-metrics', 'coralogix-apm'], level: 'required' },
    );
    expect(verdicts.filter(({ broken }) => broken > 0)).toEqual([]);
    // Everything that arrived, and of the first two only its statement for each of the metrics that are made of statements.
    expect(passages.map(({ came, dropped }) => came - dropped)).toEqual([2, 1, 1]);
  });

  it('leave spans as they are if any backend may follow', () => {
    const { spans } = readFiles([corpus('java-agent-stable')]);
    const { passages, exported } = throughCollector(read('otel-collector.yaml'), spans);
    expect(exported.map(({ attributes }) => attributes)).toEqual(spans.map(({ attributes }) => attributes));
    expect(passages.flatMap(({ warnings, notRead }) => [...notRead, ...warnings])).toEqual([]);
  });
});

describe('npm run conformance', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds no required rule of any backend broken by the three services', async () => {
    const started = Date.now();
    const { code, stdout, stderr } = await conformance('--outage');
    process.stdout.write(`the whole of it took ${Date.now() - started} ms\n`);
    expect(stdout).not.toContain('FAIL');
    for (const title of Object.values(READERS)) expect(stdout).toContain(`\n${title}\n`);
    expect(stdout).toMatch(/\d\d rules held, 0 failed/);
    expect(stdout).not.toContain('Nothing came to judge');
    expect(stderr).toContain('a locked table, and a caller that hangs up');
    expect(code).toBe(0);
  });

  it('evaluates a file for the requested backends', async () => {
    const file = corpus('java-agent-stable');
    expect((await conformance('--file', file, '--backend', 'datadog,tempo,opentelemetry')).code).toBe(0);
    const { code, stdout } = await conformance('--file', file, '--backend', 'new-relic');
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL {2}required +a statement has db\.system .*1 broken/);
    expect(stdout).toContain('https://docs.newrelic.com/');
  });

  it('fails on what is recommended only if that was requested', async () => {
    const options = ['--file', corpus('java-agent-stable'), '--backend', 'skywalking'];
    expect((await conformance(...options)).code).toBe(0);
    expect((await conformance(...options, '--level', 'recommended')).code).toBe(1);
  });

  it('speaks JSON, JUnit and SARIF', async () => {
    const options = ['--file', corpus('auto-old')];
    const [json, junit, sarif] = await Promise.all(
      ['--json', '--junit', '--sarif'].map(async (format) => (await conformance(...options, format)).stdout),
    );
    expect(JSON.parse(json ?? '')[0]).toMatchObject({ backend: 'opentelemetry', level: 'required' });
    expect(junit).toMatch(/^<\?xml[\s\S]*<testsuites[\s\S]*<failure message="[\s\S]*<\/testsuites>\n$/);
    expect(JSON.parse(sarif ?? '')).toMatchObject({
      version: '2.1.0',
      runs: [{ results: expect.any(Array) }],
    });
  });

  it('receives OTLP over gRPC, and evaluates spans and metrics of any sender', async () => {
    const listener = spawn(process.execPath, [
      CLI,
      '--listen',
      '60',
      '--http-port',
      '0',
      '--grpc-port',
      '0',
      '--json',
    ]);
    const output: Buffer[] = [];
    listener.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    const url = await new Promise<string>((resolve) =>
      listener.stderr.on('data', (chunk: Buffer) => {
        const found = /over gRPC at (\S+),/.exec(chunk.toString())?.[1];
        if (found) resolve(found);
      }),
    );
    await sendByGrpc(url);
    const ended = new Promise((resolve) => listener.once('close', resolve));
    listener.kill('SIGINT');
    expect(await ended).toBe(1);
    const verdicts: { id: string; broken: number; checked: number }[] = JSON.parse(
      Buffer.concat(output).toString(),
    );
    const of = (id: string) => verdicts.find((verdict) => verdict.id === id);
    expect(of('opentelemetry/system-known')).toMatchObject({ checked: 1, broken: 1 });
    expect(of('opentelemetry/metric-names')).toMatchObject({ checked: 1, broken: 1 });
  });

  it('says what it cannot read or does not know', async () => {
    const path = join(folder, 'not-otlp.json');
    writeFileSync(path, 'nothing');
    expect(await conformance('--file', path)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(path),
    });
    writeFileSync(path, '{"resourceSpans":[]}');
    expect((await conformance('--file', path)).stderr).toContain('no span, data point or log record in it');
    expect((await conformance('--file', join(folder, 'missing.json'))).code).toBe(1);
    expect(await conformance('--backend', 'nobody')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no backend nobody'),
    });
    expect((await conformance('--listen', 'long')).code).toBe(2);
    expect((await conformance('--help')).stdout).toContain('--file');
  });

  it('has its rules in the documentation', () => {
    const text = readFileSync(join(ROOT, 'docs/conformance.md'), 'utf8');
    const [, table] = /<!-- rules -->\n([\s\S]*?)\n*<!-- \/rules -->/.exec(text) ?? [];
    // Out of date? npm run conformance -- --rules prints it again.
    expect(table?.trim()).toBe(ruleTable());
  });

  it('knows every name of a metric that the installed conventions gave up', () => {
    expect(conventionChanges()).toEqual([]);
  });
});

async function sendByGrpc(url: string): Promise<void> {
  const tracers = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
  });
  tracers
    .getTracer('foreign')
    .startSpan('SELECT users', { attributes: { 'db.system.name': 'postgres' } })
    .end();
  await tracers.forceFlush();
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url }),
    exportIntervalMillis: 60_000,
  });
  const meters = new MeterProvider({ readers: [reader] });
  meters
    .getMeter('foreign')
    .createUpDownCounter('db.client.connections.usage', { valueType: ValueType.INT })
    .add(1);
  await meters.forceFlush();
  await Promise.all([tracers.shutdown(), meters.shutdown()]);
}
