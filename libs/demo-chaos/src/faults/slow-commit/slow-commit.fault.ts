import { SessionConditions } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { Client } from 'pg';
import { WholeNumber } from '../../fault-settings';
import { MeasuredFault } from '../../measuring/measured-fault';
import type { Measurement } from '../../measuring/measurement';
import { FaultSessions } from '../../sessions/fault-sessions';
import type { SessionGroup } from '../../sessions/session-group';

class SlowCommitSettings {
  @WholeNumber('Milliseconds that each commit of a change takes longer', { minimum: 1, maximum: 100 })
  readonly commit_ms: number = 50;
}

/** Share of the delay that a commit must take for the fault to count as effective. */
const EFFECTIVE_FROM = 0.9;
/** Number of commits remembered, one for each half second. */
const REMEMBERED = 6;
// Writes to the log that a commit must flush, without changing anything that can be read.
const SMALLEST_CHANGE = "SELECT pg_logical_emit_message(true, 'slow-commit', '')";

/** Only changes are slow, and only at their end: a commit waits for the disk of the write-ahead log. */
@Injectable()
export class SlowCommitFault extends MeasuredFault<SlowCommitSettings> {
  readonly name = 'slow-commit';
  readonly title = 'Slow commit';
  readonly summary =
    'Each commit of this service takes longer, after its statement is done; reads are as fast as before';
  readonly kind = 'query';
  readonly settings = SlowCommitSettings;
  private group?: SessionGroup;
  private probe?: Client;
  private took: number[] = [];

  constructor(
    private readonly conditions: SessionConditions,
    private readonly sessions: FaultSessions,
  ) {
    super();
  }

  override async unavailable(): Promise<string | undefined> {
    const { DB_USER } = this.sessions.configuration;
    const { flushes, grants } = await this.sessions.ask<{ flushes: boolean; grants: boolean }>(
      `SELECT current_setting('fsync')::bool AS flushes,
              to_regprocedure('has_parameter_privilege(name, text, text)') IS NOT NULL AS grants`,
    );
    if (!flushes) return 'fsync is off on this server, so that no commit waits for the disk';
    if (!grants) return 'PostgreSQL lets somebody set commit_delay from version 15 on only';
    const { may } = await this.sessions.ask<{ may: boolean }>(
      "SELECT has_parameter_privilege($1, 'commit_delay', 'SET') AS may",
      [DB_USER],
    );
    return may ? undefined : `a superuser must say: GRANT SET ON PARAMETER commit_delay TO ${DB_USER}`;
  }

  protected switchOn(asked: SlowCommitSettings): void {
    this.took = [];
    this.conditions.put(this.name, { settings: delayed(asked) });
  }

  protected switchOff(): void {
    this.conditions.put(this.name, undefined);
    this.group?.close();
    this.group = undefined;
  }

  protected async measure(asked: SlowCommitSettings): Promise<Measurement> {
    const probe = await this.probing(asked);
    const begun = performance.now();
    await probe.query(SMALLEST_CHANGE);
    // A commit that finds another one waiting shares the rest of its wait: the longest of the last few is the full delay.
    this.took = [...this.took, Math.round(performance.now() - begun)].slice(-REMEMBERED);
    const commit_ms = Math.max(...this.took);
    return {
      measured: { commit_ms },
      effective: commit_ms >= asked.commit_ms * EFFECTIVE_FROM,
      detail: `the smallest change takes ${commit_ms} ms under the same setting`,
    };
  }

  /** Opens a session with the same setting as those of the pool: measuring must not repeat a change of the application. */
  private async probing(asked: SlowCommitSettings): Promise<Client> {
    if (this.group && !this.group.lost && this.probe) return this.probe;
    this.group = this.sessions.group();
    this.probe = await this.group.login('service', delayed(asked));
    return this.probe;
  }
}

/** The delay in microseconds, independent of the number of other transactions. */
function delayed({ commit_ms }: SlowCommitSettings): Record<string, string> {
  return { commit_delay: String(commit_ms * 1_000), commit_siblings: '0' };
}
