import { EventEmitter } from 'node:events';
import { Configuration } from '@app/configuration';
import { inBackground } from '@app/telemetry';
import { Injectable } from '@nestjs/common';
import { ACTIVITY, type Activity, type ActivityResult, activityOf } from './activity';
import { INSTANCE } from './application-name';
import { ControlConnection } from './control-connection';
import { ObserverElection } from './observer-election';
import { type Observation, ObservationParts, partsOf } from './published-activity';

/** Milliseconds between two polls of the observer while something changes, and of a process that has no observer. */
const BUSY_EVERY_MS = 250;
/** Milliseconds between two polls of the observer while nothing changes. */
const QUIET_EVERY_MS = 450;
/** Milliseconds without news from the observer after which a process polls by itself, and may become the observer. */
const NEWS_WITHIN_MS = 700;
/** Milliseconds after which a published activity is too old to count as news from the observer. */
const NEWS_OLD_MS = 1_000;

/** Milliseconds that an answer may take at most for the server's clock to be read from it. */
const CLOCK_WITHIN_MS = 100;

const OBSERVED = 'observed';
const POLL_NOW = 'look-now';

interface WatchEvents {
  /** @param at `performance.now()` at which the server was asked */
  activity: [activity: Activity, at: number];
  unanswered: [error: unknown];
}

/**
 * What PostgreSQL says of all its sessions, as often as the budget needs it. One process, the observer, asks and
 * publishes the answer to the others; a process that hears nothing from it asks by itself.
 */
@Injectable()
export class ActivityWatch extends EventEmitter<WatchEvents> {
  private readonly election: ObserverElection;
  private readonly parts = new ObservationParts();
  private timer?: NodeJS.Timeout;
  private polling?: Promise<void>;
  private heardAt = Number.NEGATIVE_INFINITY;
  /** Added to the server's clock, it gives `performance.now()`; an activity never counts as younger than it is. */
  private clockOffset?: number;
  private latestAt = Number.NEGATIVE_INFINITY;
  private latest = '';
  private quiet = false;
  private stopped = false;

  constructor(
    private readonly control: ControlConnection,
    private readonly configuration: Configuration,
  ) {
    super();
    this.election = new ObserverElection(control);
    control.on('notice', (notice) => {
      if (notice.topic === OBSERVED) this.receive(this.parts.add(notice));
      if (notice.topic === POLL_NOW && this.election.rank !== undefined) void this.poll();
    });
  }

  /** To be called when the control connection has come up: becomes the observer if there is none, and polls. */
  async begin(): Promise<void> {
    await this.election.standAsObserver().catch(() => undefined);
    await this.poll();
  }

  /** Asks PostgreSQL now; concurrent callers share one answer. Never rejects: after a failure, what was known stays. */
  poll(): Promise<void> {
    clearTimeout(this.timer);
    this.polling ??= this.ask()
      .catch((error) => void this.emit('unanswered', error))
      .finally(() => {
        this.polling = undefined;
        this.waitForNext();
      });
    return this.polling;
  }

  /** Asks PostgreSQL, once more if an answer was already under way: what is known afterwards is newer than this call. */
  async refresh(): Promise<void> {
    await this.polling;
    await this.poll();
  }

  /** A notice that makes the observer poll at once; undefined while it polls often enough anyway. */
  get pollNow(): [channel: string, payload: string] | undefined {
    return this.quiet ? this.control.notification(POLL_NOW) : undefined;
  }

  end(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private waitForNext(): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    const turn = () => void this.takeTurn();
    this.timer = inBackground(() => setTimeout(turn, this.pauseMs));
  }

  private get pauseMs(): number {
    if (this.election.rank !== undefined) return this.quiet ? QUIET_EVERY_MS : BUSY_EVERY_MS;
    const heardAgoMs = performance.now() - this.heardAt;
    return heardAgoMs < NEWS_WITHIN_MS ? NEWS_WITHIN_MS - heardAgoMs : BUSY_EVERY_MS;
  }

  private async takeTurn(): Promise<void> {
    if (this.election.rank !== 0) await this.election.stand().catch(() => undefined);
    await this.poll();
  }

  private async ask(): Promise<void> {
    const at = performance.now();
    const { DB_USER, DB_CONTROL_USER } = this.configuration;
    const activity = activityOf(
      await this.control.ask<ActivityResult>(ACTIVITY, [DB_USER, DB_CONTROL_USER], 'activity'),
    );
    if (!activity) return;
    // A slow answer says little about the server's clock.
    if (this.clockOffset === undefined || performance.now() - at < CLOCK_WITHIN_MS)
      this.clockOffset = at - activity.server_ms;
    this.emitNewer(activity, at);
    // The caller waits for the answer, but not until the other processes have it too.
    void this.publish(activity).catch(() => undefined);
  }

  private async publish(activity: Activity): Promise<void> {
    const { rank } = this.election;
    if (rank === undefined) return;
    const seen = JSON.stringify({ ...activity, server_ms: 0 });
    this.quiet = seen === this.latest;
    this.latest = seen;
    for (const part of partsOf({ observer: INSTANCE, rank, quiet: this.quiet, activity }))
      await this.control.publish(OBSERVED, { ...part });
  }

  private receive(observation: Observation | undefined): void {
    if (!observation || observation.observer === INSTANCE || this.clockOffset === undefined) return;
    const { rank, quiet, activity } = observation;
    if (this.election.rank !== undefined) {
      if (rank >= this.election.rank) return;
      void this.election.resign();
    }
    const at = Math.min(performance.now(), activity.server_ms + this.clockOffset);
    if (performance.now() - at > NEWS_OLD_MS) return;
    this.heardAt = performance.now();
    this.quiet = quiet;
    if (!this.polling) this.waitForNext();
    this.emitNewer(activity, at);
  }

  private emitNewer(activity: Activity, at: number): void {
    if (at < this.latestAt) return;
    this.latestAt = at;
    this.emit('activity', activity, at);
  }
}
