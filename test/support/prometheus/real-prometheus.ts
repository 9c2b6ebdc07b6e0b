import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from '../../../tools/places';
import { eventually } from '../eventually';
import type { RunningService } from '../running-service';
import { freePort } from '../system';

const PROGRAM = process.env.PROMETHEUS ?? 'prometheus';

/** Whether Prometheus is installed; PROMETHEUS may name its program. */
export const PROMETHEUS_INSTALLED = spawnSync(PROGRAM, ['--version']).status === 0;

/** A real Prometheus with the rules that the chart ships; it scrapes each second. */
export async function startPrometheus(services: readonly RunningService[]) {
  const folder = mkdtempSync(join(tmpdir(), 'load-demo-prometheus-'));
  copyFileSync(join(CHECKOUT, 'helm/files/prometheus-rules.yaml'), join(folder, 'rules.yaml'));
  const jobs = services.map(({ name, port }) => ({
    job_name: `${name}-service`,
    static_configs: [{ targets: [`127.0.0.1:${port}`], labels: { namespace: 'demo' } }],
  }));
  const settings = { global: { scrape_interval: '1s' }, rule_files: ['rules.yaml'], scrape_configs: jobs };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(settings));
  const port = await freePort();
  const flags = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const prometheus = spawn(PROGRAM, flags, { stdio: 'ignore' });
  const ended = once(prometheus, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (!(await fetch(`${url}/-/ready`)).ok) throw new Error('Prometheus is not ready');
  }, 30_000);
  return {
    /** Names of the alerts that fire now. */
    async firing(): Promise<string[]> {
      const { data } = (await (await fetch(`${url}/api/v1/alerts`)).json()) as {
        data: { alerts: { state: string; labels: { alertname: string } }[] };
      };
      return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
    },
    async stop(): Promise<void> {
      prometheus.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
