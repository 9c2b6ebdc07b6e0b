import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAUSES } from '@app/database';
import { parse } from 'yaml';
import { attributeTable } from '../tools/attribute-table/attribute-table';
import { failureTables } from '../tools/failure-table/failure-table';
import { PromQl } from './support/prometheus/promql';
import { Recording } from './support/prometheus/recording';
import { System } from './support/system';

const read = (path: string) => readFileSync(join(__dirname, '..', path), 'utf8');

describe('the files for backends', () => {
  it('the documentation has the attributes that the code has', () => {
    const [, table] =
      /<!-- attributes -->\n([\s\S]*?)\n*<!-- \/attributes -->/.exec(read('docs/telemetry.md')) ?? [];
    // Out of date? npm run build && node dist/tools/attribute-table/attribute-table.js prints it again.
    expect(table?.trim()).toBe(attributeTable());
  });

  it('the documentation has the failures that the code has', () => {
    const [, tables] =
      /<!-- failures -->\n([\s\S]*?)\n*<!-- \/failures -->/.exec(read('docs/failures.md')) ?? [];
    // Out of date? npm run build && node dist/tools/failure-table/failure-table.js prints them again.
    expect(tables?.trim()).toBe(failureTables());
  });

  it('the alert on failing statements leaves out exactly those that no operator has to know of', () => {
    const harmless = Object.entries(CAUSES)
      .filter(([, { log }]) => log === 'debug')
      .flatMap(([cause, { states }]) =>
        states.length > 0 ? states.map((state) => state.padEnd(5, '.')) : cause,
      );
    const [, left] = /error_type!~"([^"]*)"/.exec(read('helm/files/prometheus-rules.yaml')) ?? [];
    expect(left).toBe(['', ...harmless].join('|'));
  });

  /** What a service exposes to Prometheus after some requests, among them one that got no connection. */
  let exposed: string;
  let system: System;
  beforeAll(async () => {
    system = await System.start();
    const inventory = await system.service('inventory', { DB_ACQUIRE_TIMEOUT_MS: '50' });
    await inventory.get('/inventory/check/5');
    await inventory.post('/demo/simulate-pool-exhaustion', { connections: 100 });
    await inventory.get('/inventory/check/5');
    exposed = String((await inventory.get('/metrics')).body);
  });
  afterAll(() => system?.stop());

  it('alerts and dashboard ask only for metrics and labels that the services expose', () => {
    const asked = `${read('helm/files/prometheus-rules.yaml')}${read('helm/files/grafana-dashboard.json')}`;
    const metrics = new Set(asked.match(/\b(?:db_client|demo)_\w+/g));
    const labels = [
      'db_client_connection_pool_name',
      'db_client_connection_state',
      'demo_db_failure_cause',
      'demo_db_failure_severity',
      'demo_fault_name',
    ];
    for (const name of metrics) {
      if (labels.includes(name)) expect(exposed).toContain(`${name}="`);
      else expect(exposed).toMatch(new RegExp(`^${name}\\b`, 'm'));
    }
    for (const label of ['db_operation_name', 'db_collection_name', 'error_type']) {
      expect(exposed).toContain(`${label}="`);
    }
  });

  it('collectors count durations in the buckets of the services', () => {
    const [, labels] = /^db_client_operation_duration_seconds_bucket\{(.*),le="[^"]+"\}/m.exec(exposed) ?? [];
    const bounds = [
      ...exposed.matchAll(/^db_client_operation_duration_seconds_bucket\{(.*),le="([^"]+)"\}/gm),
    ]
      .filter(([, of]) => of === labels)
      .map(([, , le]) => Number(le) * 1_000)
      .filter(Number.isFinite);
    const files = [
      'deploy/otel-collector.yaml',
      'deploy/otel-collector-coralogix.yaml',
      'helm/templates/collector/_configuration.tpl',
    ];
    for (const file of files)
      for (const [, list = ''] of read(file).matchAll(/buckets: (?:&\w+ )?\[(.*)\]/g))
        expect([file, list.split(', ').map(milliseconds)]).toEqual([file, bounds]);
  });

  it.each(['deploy/otel-collector.yaml', 'deploy/otel-collector-coralogix.yaml'])(
    '%s wires only what it defines',
    (path) => {
      const config = parse(read(path)) as {
        receivers: object;
        processors: object;
        exporters: object;
        connectors: object;
        service: {
          pipelines: Record<string, { receivers: string[]; processors?: string[]; exporters: string[] }>;
        };
      };
      const inputs = Object.keys({ ...config.receivers, ...config.connectors });
      const outputs = Object.keys({ ...config.exporters, ...config.connectors });
      for (const { receivers, processors = [], exporters } of Object.values(config.service.pipelines)) {
        for (const receiver of receivers) expect(inputs).toContain(receiver);
        for (const processor of processors) expect(Object.keys(config.processors)).toContain(processor);
        for (const exporter of exporters) expect(outputs).toContain(exporter);
      }
      const used = Object.values(config.service.pipelines).flatMap(
        ({ receivers, processors = [], exporters }) => [...receivers, ...processors, ...exporters],
      );
      for (const defined of [...inputs, ...outputs, ...Object.keys(config.processors)])
        expect(used).toContain(defined);
    },
  );
});

/** Milliseconds of a duration as the collector writes it. */
function milliseconds(text: string): number {
  const [, amount, unit] = /^(\d+)(ms|s)$/.exec(text) ?? [];
  return Number(amount) * (unit === 's' ? 1_000 : 1);
}

describe('the evaluation of the alerts', () => {
  const recording = new Recording();
  for (let at = 0; at <= 600; at += 60) {
    const minutes = at / 60;
    const buckets = [
      ['0.1', 5],
      ['0.2', 7],
      ['1', 11],
      ['+Inf', 12],
    ].map(([le, step]) => `seconds_bucket{le="${le}"} ${Number(step) * minutes}`);
    const restarted = `restarted_total ${minutes < 8 ? minutes * 60 : (minutes - 8) * 60}`;
    recording.scraped(
      at,
      { job: 'a' },
      [...buckets, restarted, `used ${at}`, 'idle{of="c"} 0', 'idle{of="d"} 2'].join('\n'),
    );
    recording.scraped(at, { job: 'b' }, at < 600 ? 'used 7' : '');
  }
  const result = (expression: string) =>
    new PromQl(expression)
      .evaluate(recording, 600)
      .map(({ labels, value }) => [labels.job, Number(value.toFixed(9))]);

  // The first three are Prometheus' own (promql/promqltest/testdata/histograms.test).
  it.each([
    ['histogram_quantile(0.2, sum by (job, le) (rate(seconds_bucket[5m])))', [['a', 0.048]]],
    ['histogram_quantile(0.5, sum by (job, le) (rate(seconds_bucket[5m])))', [['a', 0.15]]],
    ['histogram_quantile(0.8, sum by (job, le) (rate(seconds_bucket[5m])))', [['a', 0.72]]],
    ['rate(seconds_bucket{le="+Inf"}[5m])', [['a', 0.2]]],
    ['rate(restarted_total[5m])', [['a', 0.75]]],
    ['sum by (job) (seconds_bucket{le!="1"})', [['a', 240]]],
    ['sum by (job) (seconds_bucket{le!~"|1|.Inf"})', [['a', 120]]],
    ['sum by (job) (seconds_bucket{le=~"|1|.Inf"})', [['a', 230]]],
    ['max(used)', [[undefined, 600]]],
    ['max by (job) (used) >= 0.95 * max by (job) (used)', [['a', 600]]],
    ['used >= 600 and used < 601', [['a', 600]]],
    ['used > 600', []],
    // 0 divided by 0 is no smallest number beside one that is.
    ['min by (job) (idle / idle)', [['a', 1]]],
    ['max by (job) (idle / idle)', [['a', 1]]],
    ['nothing > 0', []],
  ])('knows %s', (expression, expected) => {
    expect(result(expression)).toEqual(expected);
  });

  it.each([
    'avg(nothing)',
    'nothing or nothing',
    'nothing > bool 1',
    'nothing > on (job) nothing',
    'max without (job) (nothing)',
    'nothing offset 5m',
    'increase(nothing[1m])',
    'rate(nothing[1m:10s])',
    'nothing >',
  ])('refuses %s', (expression) => {
    expect(() => result(expression)).toThrow();
  });
});
