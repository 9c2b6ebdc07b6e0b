import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { attributeTable } from '../tools/attribute-table';
import { System } from './support/system';

const read = (path: string) => readFileSync(join(__dirname, '..', path), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  for: string;
}

describe('the files for backends', () => {
  it('the documentation has the attributes that the code has', () => {
    const [, table] =
      /<!-- attributes -->\n([\s\S]*?)\n*<!-- \/attributes -->/.exec(read('docs/telemetry.md')) ?? [];
    // Out of date? npm run build && node dist/tools/attribute-table.js prints it anew.
    expect(table?.trim()).toBe(attributeTable());
  });

  it('alerts and dashboard ask only for metrics and labels that the services expose', async () => {
    const system = await System.start();
    try {
      const inventory = await system.service('inventory', { DB_ACQUIRE_TIMEOUT_MS: '50' });
      await inventory.get('/inventory/check/5');
      await inventory.post('/demo/simulate-pool-exhaustion', { connections: 100 });
      await inventory.get('/inventory/check/5');
      const exposed = String((await inventory.get('/metrics')).body);
      const asked = `${read('deploy/prometheus-rules.yaml')}${read('deploy/grafana-dashboard.json')}`;
      const metrics = new Set(asked.match(/\b(?:db_client|demo)_\w+/g));
      const labels = ['db_client_connection_pool_name', 'db_client_connection_state', 'demo_fault_name'];
      for (const name of metrics) {
        if (labels.includes(name)) expect(exposed).toContain(`${name}="`);
        else expect(exposed).toMatch(new RegExp(`^${name}\\b`, 'm'));
      }
      for (const label of ['db_operation_name', 'db_collection_name', 'error_type']) {
        expect(exposed).toContain(`${label}="`);
      }
    } finally {
      await system.stop();
    }
  });

  it('the alert of an exhausted pool fires within 60 s of two scrapes and evaluations', () => {
    const [group] = (
      parse(read('deploy/prometheus-rules.yaml')) as { groups: { interval: string; rules: Rule[] }[] }
    ).groups;
    const rule = group?.rules.find(({ alert }) => alert === 'DatabasePoolExhausted');
    const scrapeAndEvaluate = 2 * Number.parseInt(group?.interval ?? '', 10);
    expect(Number.parseInt(rule?.for ?? '', 10) + scrapeAndEvaluate).toBeLessThan(60);
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
