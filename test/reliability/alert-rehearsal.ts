import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '@app/load';
import { parse } from 'yaml';
import { CHECKOUT } from '../../tools/places';
import { eventually } from '../support/eventually';
import { Alerts } from '../support/prometheus/alerts';
import { seconds } from '../support/prometheus/promql';
import { Recording } from '../support/prometheus/recording';
import type { RunningService } from '../support/running-service';

const CHART = join(CHECKOUT, 'helm');

/**
 * Does what a Prometheus does that is installed as the chart says: it scrapes the services and evaluates the rules,
 * each at its interval. With a `speed` above 1 its clock runs faster, and so do all its intervals and times.
 */
export class AlertRehearsal {
  readonly alerts = new Alerts(readFileSync(join(CHART, 'files/prometheus-rules.yaml'), 'utf8'));
  /** Every alert that has fired at any time. */
  readonly everFired = new Set<string>();
  private readonly recording = new Recording();
  private readonly started = performance.now();
  private readonly timers: NodeJS.Timeout[] = [];
  private firing = new Set<string>();
  private failure?: unknown;

  constructor(
    services: RunningService[],
    private readonly speed: number,
    random: Random,
  ) {
    const { serviceMonitor } = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8'));
    const scrapeEvery = seconds(serviceMonitor.interval);
    // Prometheus spreads scrapes and evaluations over their interval.
    for (const service of services) this.repeat(scrapeEvery, random.next(), () => this.scrape(service));
    this.repeat(this.alerts.interval, random.next(), async () => {
      this.firing = this.alerts.evaluate(this.recording, this.now);
      for (const name of this.firing) this.everFired.add(name);
    });
  }

  /** Seconds on its own clock. */
  get now(): number {
    return ((performance.now() - this.started) / 1_000) * this.speed;
  }

  /** Seconds on its own clock until all of these alerts fire, or none of them does; infinite after `limit`. */
  async until(what: 'fire' | 'silent', names: string[], limit: number): Promise<number> {
    const from = this.now;
    const reached = () => names.every((name) => this.firing.has(name) === (what === 'fire'));
    const check = () => {
      if (this.failure) throw this.failure;
      if (!reached()) throw new Error('not yet');
    };
    await eventually(check, (limit * 1_000) / this.speed).catch(() => undefined);
    if (this.failure) throw this.failure;
    return reached() ? this.now - from : Number.POSITIVE_INFINITY;
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private async scrape(service: RunningService): Promise<void> {
    const at = this.now;
    const { body } = await service.get('/metrics');
    const target = {
      job: `${service.name}-service`,
      instance: `127.0.0.1:${service.port}`,
      namespace: 'demo',
    };
    this.recording.scraped(at, target, String(body));
  }

  private repeat(everySeconds: number, offset: number, work: () => Promise<void>): void {
    const everyMs = (everySeconds * 1_000) / this.speed;
    const run = () =>
      work().catch((error: unknown) => {
        this.failure = error;
      });
    this.timers.push(
      setTimeout(() => {
        void run();
        this.timers.push(setInterval(() => void run(), everyMs));
      }, everyMs * offset),
    );
  }
}
