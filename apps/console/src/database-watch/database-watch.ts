import { type Observation, Observer } from '@app/observer';
import { SERVICES, ServiceClient, serviceName } from '@app/service-client';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { ServiceWatch } from '../services/service-watch';
import { controlClient } from './control-client';

/** Milliseconds between two looks while somebody watches or a fault is on, and at other times. */
const WATCHED_MS = 500;
const UNWATCHED_MS = 2_000;
/** Somebody who asked once may ask again: for so many milliseconds. */
const ASKED_MS = 10_000;
/** Not what the application is used for, so none of its requests. */
const IGNORED_ROUTES = ['/demo', '/health', '/metrics'];

/**
 * The one observer of the console: everything it shows of the server is of these looks, over one connection of the control
 * role, which works while the budget is used up.
 */
@Injectable()
export class DatabaseWatch implements OnApplicationBootstrap {
  private readonly logger = new Logger(DatabaseWatch.name);
  private readonly observer: Observer;
  private readonly listeners: ((look: Observation) => void)[] = [];
  private timer?: NodeJS.Timeout;
  private looking?: Promise<Observation>;
  private looks = 0;
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
    const place = {
      database: () => controlClient(configuration, 'load-demo-console'),
      metrics: Object.fromEntries(metrics),
      ignoredRoutes: IGNORED_ROUTES,
    };
    this.observer = new Observer(place, configuration.DB_USER);
  }

  onApplicationBootstrap(): void {
    void this.keepLooking();
  }

  async end(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.observer.end();
  }

  /** Calls back with each look. */
  onLook(listener: (look: Observation) => void): void {
    this.listeners.push(listener);
  }

  /** Whether somebody looks at the page. */
  watch(watched: boolean): void {
    this.watched = watched;
    if (watched) this.hurry();
  }

  /** The latest look; a new one where that is from a slower time. */
  async asked(): Promise<Observation> {
    this.askedAt = Date.now();
    const { latest } = this;
    if (latest && Date.now() - latest.at < 2 * WATCHED_MS) return latest;
    this.hurry();
    return this.looking ?? latest ?? { at: Date.now(), clients: [] };
  }

  private get pause(): number {
    const faulty = this.services.states.some(({ faults }) => faults.some(({ enabled }) => enabled));
    const asked = Date.now() - this.askedAt < ASKED_MS;
    return this.watched || faulty || asked ? WATCHED_MS : UNWATCHED_MS;
  }

  /** The next look is now, if it was to come later than at the pace of those who watch. */
  private hurry(): void {
    if (this.stopped || this.looking) return;
    clearTimeout(this.timer);
    void this.keepLooking();
  }

  private async keepLooking(): Promise<void> {
    const pause = this.pause;
    const due = performance.now() + pause;
    // Metrics and statistics of statements cost more and change more slowly: once a second is enough for them.
    const thorough = pause === UNWATCHED_MS || this.looks++ % 2 === 0;
    this.looking = this.observer.observe(thorough);
    const look = await this.looking;
    this.looking = undefined;
    if (this.stopped) return;
    this.tell(look);
    this.timer = setTimeout(() => void this.keepLooking(), Math.max(0, due - performance.now()));
  }

  private tell(look: Observation): void {
    const trouble = look.trouble?.message;
    if (trouble && trouble !== this.trouble) this.logger.warn(`PostgreSQL cannot be asked: ${trouble}`);
    if (!trouble && this.trouble) this.logger.log('looking at the sessions of PostgreSQL');
    this.trouble = trouble;
    this.latest = look;
    for (const listener of this.listeners) listener(look);
  }
}
