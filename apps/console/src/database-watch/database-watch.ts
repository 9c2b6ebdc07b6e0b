import { type Observation, Observer } from '@app/observer';
import { SERVICES, ServiceClient, serviceName } from '@app/service-client';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { ServiceWatch } from '../services/service-watch';
import { controlClient } from './control-client';

/** Milliseconds between two polls while somebody watches or a fault is on, and at other times. */
const WATCHED_MS = 500;
const UNWATCHED_MS = 2_000;
/** Milliseconds for which polls stay frequent after a request, because it may be repeated. */
const ASKED_MS = 10_000;
/** Routes that the application is not used for, so requests to them do not count. */
const IGNORED_ROUTES = ['/demo', '/health', '/metrics'];

/**
 * The one observer of the console: everything that it shows of the server comes from these observations, over one
 * connection of the control role, which works while the budget is used up.
 */
@Injectable()
export class DatabaseWatch implements OnApplicationBootstrap {
  private readonly logger = new Logger(DatabaseWatch.name);
  private readonly observer: Observer;
  private readonly listeners: ((observation: Observation) => void)[] = [];
  private timer?: NodeJS.Timeout;
  private polling?: Promise<Observation>;
  private polls = 0;
  private watched = false;
  private askedAt = 0;
  private trouble?: string = 'not connected yet';
  private stopped = false;
  latest?: Observation;

  constructor(
    configuration: ConsoleConfiguration,
    private readonly services: ServiceWatch,
    { targets }: ServiceClient,
  ) {
    const metrics = SERVICES.map((key) => [serviceName(key), `${targets[key].replace(/\/+$/, '')}/metrics`]);
    const observed = {
      database: () => controlClient(configuration, 'load-demo-console'),
      metrics: Object.fromEntries(metrics),
      ignoredRoutes: IGNORED_ROUTES,
    };
    this.observer = new Observer(observed, configuration.DB_USER);
  }

  onApplicationBootstrap(): void {
    void this.keepPolling();
  }

  async end(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.observer.end();
  }

  /** Calls back with each observation. */
  onObservation(listener: (observation: Observation) => void): void {
    this.listeners.push(listener);
  }

  /** Sets whether somebody has the page open. */
  watch(watched: boolean): void {
    this.watched = watched;
    if (watched) this.hurry();
  }

  /** The latest observation, or a new one if it is older than two polls at the watched pace. */
  async asked(): Promise<Observation> {
    this.askedAt = Date.now();
    const { latest } = this;
    if (latest && Date.now() - latest.at < 2 * WATCHED_MS) return latest;
    this.hurry();
    return this.polling ?? latest ?? { at: Date.now(), clients: [] };
  }

  private get pause(): number {
    const faulty = this.services.states.some(({ faults }) => faults.some(({ enabled }) => enabled));
    const asked = Date.now() - this.askedAt < ASKED_MS;
    return this.watched || faulty || asked ? WATCHED_MS : UNWATCHED_MS;
  }

  /** Polls now if the next poll would come later than at the watched pace. */
  private hurry(): void {
    if (this.stopped || this.polling) return;
    clearTimeout(this.timer);
    void this.keepPolling();
  }

  private async keepPolling(): Promise<void> {
    const pause = this.pause;
    const due = performance.now() + pause;
    // Metrics and statistics of statements cost more and change more slowly: once a second is enough for them.
    const thorough = pause === UNWATCHED_MS || this.polls++ % 2 === 0;
    this.polling = this.observer.observe(thorough);
    const observation = await this.polling;
    this.polling = undefined;
    if (this.stopped) return;
    this.publish(observation);
    this.timer = setTimeout(() => void this.keepPolling(), Math.max(0, due - performance.now()));
  }

  private publish(observation: Observation): void {
    const trouble = observation.trouble?.message;
    if (trouble && trouble !== this.trouble) this.logger.warn(`PostgreSQL cannot be asked: ${trouble}`);
    if (!trouble && this.trouble) this.logger.log('looking at the sessions of PostgreSQL');
    this.trouble = trouble;
    this.latest = observation;
    for (const listener of this.listeners) listener(observation);
  }
}
