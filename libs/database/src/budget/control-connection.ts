import { EventEmitter } from 'node:events';
import { Configuration } from '@app/configuration';
import { SessionClient } from '@app/postgres-session';
import { inBackground } from '@app/telemetry';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Client, Notification, QueryResultRow } from 'pg';
import { answeredState, breaksConnection, causeName } from '../failures/cause-of';
import { ConnectionFailure } from '../failures/connection-failure';
import { sentence } from '../failures/failures';
import { applicationName } from './application-name';
import { controlSettings } from './connection-settings';

const CHANNEL = 'database_load_demo';
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 500;
/** Milliseconds that a caller waits for the answer to a statement. The connection itself gets more time. */
const ANSWER_WITHIN_MS = 1_000;
/** Milliseconds for the first attempt to connect; each attempt that took longer doubles the time of the next one. */
const FIRST_CONNECT_MS = 2_000;

/**
 * A process has one control connection. If its socket was given up, its session may still exist, and would keep its
 * lock and its slot until the server notices.
 */
const END_EARLIER = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE usename = current_user AND pid <> pg_backend_pid() AND starts_with(application_name, $1)`;

/** A notice to all processes. */
export interface Notice {
  topic: string;
  [detail: string]: unknown;
}

interface ControlEvents {
  /** Connected, for the first time or again: notices may have been missed, so what tables declare must be read again. */
  up: [];
  down: [error: Error, wasUp: boolean];
  /** No answer for a second: the server, or the network to it, may be down. Emitted once until there is an answer. */
  silent: [];
  notice: [Notice];
}

/**
 * One long-lived connection per process, as a role outside the budget: it works while every connection of the budget is
 * taken. It reconnects by itself, and its callers get an error after 1 s instead of hanging. A server that is slow to
 * answer does not count as down: the connection is replaced only when it failed, or after 3 s of silence.
 */
@Injectable()
export class ControlConnection extends EventEmitter<ControlEvents> implements OnModuleInit {
  private readonly logger = new Logger(ControlConnection.name);
  private client?: SessionClient;
  private statements: Promise<unknown> = Promise.resolve();
  private retry?: NodeJS.Timeout;
  private retryMs = FIRST_RETRY_MS;
  private connectMs = FIRST_CONNECT_MS;
  private triedAt = 0;
  private isSilent = false;
  private stopped = false;
  /** Why there is no connection; undefined while there is one. */
  trouble: Error | undefined = new Error('not connected yet');

  constructor(private readonly configuration: Configuration) {
    super();
    this.setMaxListeners(30);
  }

  /** Starts connecting and does not wait for it: without its database, a service starts and reports what is wrong. */
  onModuleInit(): void {
    void this.connect();
  }

  /**
   * Runs one statement; statements of one process run one after the other.
   * @param name under which PostgreSQL keeps the statement prepared, for one that is sent again and again
   * @throws ConnectionFailure when there is no connection, or no answer within 1 s: a statement that has not begun by
   * then is not run at all
   */
  ask<Row extends QueryResultRow>(text: string, values: unknown[] = [], name?: string): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        reject(new ConnectionFailure('unreachable', ANSWER_WITHIN_MS, this.trouble));
        this.becomeSilent();
      }, ANSWER_WITHIN_MS);
      const answer = this.statements.then(async () => {
        if (!this.client || this.trouble) throw new ConnectionFailure('unreachable', 0, this.trouble);
        return late
          ? []
          : (await this.client.query<Row>({ text, values, name: this.pooled ? undefined : name })).rows;
      });
      answer.then(resolve, reject).finally(() => clearTimeout(timer));
      this.statements = answer.then(
        () => this.answered(),
        (error: Error) => this.failed(error),
      );
    });
  }

  /** Notifies all processes, this one included. */
  async publish(topic: string, details: Record<string, unknown> = {}): Promise<void> {
    // A notice does not survive a crash of the server anyway, so its commit need not wait for the disk.
    const text = "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)";
    await this.ask(text, [CHANNEL, this.notice(topic, details)]);
  }

  /** The two parameters of `pg_notify`, for a statement that changes a table and announces it in one transaction. */
  notification(topic: string, details: Record<string, unknown> = {}): [channel: string, payload: string] {
    return [CHANNEL, this.notice(topic, details)];
  }

  /** Whether a pooler is between this process and PostgreSQL. */
  get pooled(): boolean {
    return this.client?.pooled ?? false;
  }

  async end(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  private notice(topic: string, details: Record<string, unknown>): string {
    return JSON.stringify({ ...details, topic });
  }

  private async connect(): Promise<void> {
    this.triedAt = performance.now();
    const client = new SessionClient(controlSettings(this.configuration, this.connectMs));
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, new Error('the control connection was closed')));
    client.on('notification', (notification) => this.receive(notification));
    this.client = client;
    try {
      await client.connect();
      await client.query(END_EARLIER, [this.namePrefix]);
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      const longest = Math.max(FIRST_CONNECT_MS, this.configuration.DB_CONNECT_TIMEOUT_MS);
      if (performance.now() - this.triedAt >= this.connectMs)
        this.connectMs = Math.min(longest, this.connectMs * 2);
      return this.lost(client, error as Error);
    }
    this.trouble = undefined;
    this.isSilent = false;
    this.retryMs = FIRST_RETRY_MS;
    this.connectMs = FIRST_CONNECT_MS;
    this.logger.log('control connection is up');
    this.emit('up');
  }

  private lost(client: Client, error: Error): void {
    if (this.client !== client) return;
    this.client = undefined;
    // end() never returns while the connection is being made; destroying the socket frees both sides.
    client.connection.stream.destroy();
    if (this.stopped) return;
    if (!this.trouble || this.trouble.message !== error.message)
      this.logger.warn(`no control connection: ${explain(error)}`);
    const wasUp = !this.trouble;
    this.trouble = error;
    this.emit('down', error, wasUp);
    // The pause counts from the start of the attempt before: one that took longer than that has been a pause itself.
    const pauseMs = this.triedAt + this.retryMs - performance.now();
    const retryMs = Math.max(FIRST_RETRY_MS, pauseMs);
    this.retry = inBackground(() => setTimeout(() => void this.connect(), retryMs));
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }

  private get namePrefix(): string {
    return applicationName(this.configuration.SERVICE_NAME, 'control', '');
  }

  private answered(): void {
    this.isSilent = false;
  }

  private becomeSilent(): void {
    if (this.isSilent || this.trouble) return;
    this.isSilent = true;
    this.logger.warn(`the control connection has not answered for ${ANSWER_WITHIN_MS} ms`);
    this.emit('silent');
  }

  /** An error with an SQLSTATE is the server's answer; after any other error the connection is useless. */
  private failed(error: Error): void {
    if (this.client && !this.trouble && !(error instanceof ConnectionFailure) && breaksConnection(error))
      this.lost(this.client, error);
  }

  private receive(notification: Notification): void {
    const notice = parseNotice(notification.payload ?? '');
    if (notice) this.emit('notice', notice);
  }
}

/** What the table of causes says about the error; if it knows nothing, pg's own message. */
function explain(error: Error): string {
  const cause = causeName(error);
  const state = answeredState(error);
  return `${cause ? sentence(cause) : error.message}${state ? ` (${state})` : ''}`;
}

/** Anybody may NOTIFY on the channel, so what is not one of our notices is ignored. */
function parseNotice(payload: string): Notice | undefined {
  try {
    const notice: unknown = JSON.parse(payload);
    const valid = typeof notice === 'object' && notice !== null && 'topic' in notice;
    return valid ? (notice as Notice) : undefined;
  } catch {
    return undefined;
  }
}
