import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Declaration, FaultEffect } from '../fault';
import { HeldFault } from '../holder/held-fault';
import { effectOf, type Measurement, Measuring } from '../measuring/measurement';
import { FaultSessions } from './fault-sessions';
import type { SessionGroup } from './session-group';

/** Milliseconds that the answer waits for the proof. */
const PROOF_WITHIN_MS = 3_000;
const POLL_EVERY_MS = 50;

/**
 * A fault that consists only of sessions of PostgreSQL outside the pool: `open` makes them, `measure` asks PostgreSQL
 * what they do. They are made again when PostgreSQL ended one of them, and gone when the process dies.
 */
@Injectable()
export abstract class SessionsFault<Settings extends object> extends HeldFault<Settings> {
  protected readonly holds: string = 'this fault';
  private asked?: Settings;
  private group?: SessionGroup;
  private measuring?: Measuring;
  /** What the holder has measured, if the holder is another process. */
  private reported?: Measurement;

  constructor(protected readonly sessions: FaultSessions) {
    super(sessions.locks, sessions.configuration.SERVICE_NAME);
    sessions.onMeasured(
      () => this.name,
      (measurement) => {
        this.reported = measurement;
      },
    );
  }

  /** Makes the sessions. Work that would wait for a lock goes into `group.repeat` and is not awaited. */
  protected abstract open(asked: Settings, group: SessionGroup): Promise<void>;

  /** Asks PostgreSQL what they do. */
  protected abstract measure(asked: Settings, group: SessionGroup): Promise<Measurement>;

  effect({ settings: { holder: _, ...asked } }: Declaration<Settings>): FaultEffect {
    return effectOf(asked, this.measuring ? this.measuring.latest : this.reported, this.measuring?.failure);
  }

  override async proven(
    declaration: Declaration<Settings> | undefined,
    wanted: () => boolean,
  ): Promise<void> {
    const deadline = performance.now() + PROOF_WITHIN_MS;
    while (declaration && !this.effect(declaration).effective && wanted() && performance.now() < deadline)
      await setTimeout(POLL_EVERY_MS);
  }

  protected async begin(asked: Settings): Promise<void> {
    if (JSON.stringify(asked) === JSON.stringify(this.asked)) return;
    await this.end();
    this.asked = asked;
    this.measuring = new Measuring(async () => {
      const group = await this.opened(asked);
      const measurement = await this.measure(asked, group);
      await this.sessions.publish(this.name, measurement);
      return measurement;
    });
  }

  protected async end(): Promise<void> {
    const pids = this.group?.pids ?? [];
    this.asked = undefined;
    this.group?.close();
    await this.measuring?.stop();
    this.group = undefined;
    this.measuring = undefined;
    this.reported = undefined;
    await this.sessions.gone(pids).catch(() => undefined);
  }

  /** Returns the sessions, made again if PostgreSQL has ended one of them. */
  private async opened(asked: Settings): Promise<SessionGroup> {
    if (this.group && !this.group.lost) return this.group;
    this.group?.close();
    const group = this.sessions.group();
    this.group = group;
    try {
      await this.open(asked, group);
      return group;
    } catch (error) {
      group.close();
      this.group = undefined;
      throw error;
    }
  }
}
