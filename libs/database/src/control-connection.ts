import { EventEmitter } from 'node:events';
import { Configuration } from '@app/configuration';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Client, type Notification, type QueryResultRow } from 'pg';
import { ConnectionFailure } from './connection-failure';
import { controlSettings } from './connection-settings';
import { breaksConnection } from './sqlstate';

const CHANNEL = 'database_load_demo';
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 500;

/** A notice to all processes. */
export interface Notice {
  topic: string;
  [detail: string]: unknown;
}

interface ControlEvents {
  /** Connected, also again: notices may have been missed, so read again what is declared in tables. */
  up: [];
  down: [error: Error, wasUp: boolean];
  notice: [Notice];
}

/**
 * One long-lived connection per process, as a role outside the budget: it works while every connection of the
 * budget is taken. Reconnects by itself; what waits for it fails after 1 s instead of hanging.
 */
@Injectable()
export class ControlConnection
  extends EventEmitter<ControlEvents>
  implements OnModuleInit, OnApplicationShutdown
{
  private readonly logger = new Logger(ControlConnection.name);
  private client?: Client;
  private line: Promise<unknown> = Promise.resolve();
  private retry?: NodeJS.Timeout;
  private retryMs = FIRST_RETRY_MS;
  private triedAt = 0;
  private stopped = false;
  /** Why there is no connection; undefined while there is one. */
  trouble: Error | undefined = new Error('not connected yet');

  constructor(private readonly configuration: Configuration) {
    super();
    this.setMaxListeners(30);
  }

  /** Starts connecting and does not wait: a service starts, and says what is wrong, without its database. */
  onModuleInit(): void {
    void this.connect();
  }

  /**
   * Runs one statement; statements of one process run one after the other.
   * @throws ConnectionFailure when there is no connection
   */
  ask<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const answer = this.line.then(async () => {
      if (!this.client || this.trouble) throw new ConnectionFailure('unreachable', 0, this.trouble);
      return (await this.client.query<Row>(text, values)).rows;
    });
    this.line = answer.catch((error: Error) => this.judge(error));
    return answer;
  }

  /** Tells all processes, this one included. */
  async publish(topic: string, details: Record<string, unknown> = {}): Promise<void> {
    await this.ask('SELECT pg_notify($1, $2)', [CHANNEL, this.notice(topic, details)]);
  }

  /** The two parameters of `pg_notify`, for a statement that changes a table and tells of it in one transaction. */
  notification(topic: string, details: Record<string, unknown> = {}): [channel: string, payload: string] {
    return [CHANNEL, this.notice(topic, details)];
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  private notice(topic: string, details: Record<string, unknown>): string {
    return JSON.stringify({ ...details, topic });
  }

  private async connect(): Promise<void> {
    this.triedAt = performance.now();
    const client = new Client(controlSettings(this.configuration));
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, new Error('the control connection was closed')));
    client.on('notification', (notification) => this.receive(notification));
    this.client = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      return this.lost(client, error as Error);
    }
    this.trouble = undefined;
    this.retryMs = FIRST_RETRY_MS;
    this.logger.log('control connection is up');
    this.emit('up');
  }

  private lost(client: Client, error: Error): void {
    if (this.client !== client) return;
    this.client = undefined;
    // end() on a connection that is being made waits for ever; destroying the socket frees both sides.
    client.connection.stream.destroy();
    if (this.stopped) return;
    if (!this.trouble || this.trouble.message !== error.message)
      this.logger.warn(`no control connection: ${error.message}`);
    const wasUp = !this.trouble;
    this.trouble = error;
    this.emit('down', error, wasUp);
    // Counted from the attempt before: one that took as long as this has been a pause of its own.
    const pauseMs = this.triedAt + this.retryMs - performance.now();
    this.retry = setTimeout(() => void this.connect(), Math.max(FIRST_RETRY_MS, pauseMs));
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }

  /** An error with an SQLSTATE is the server's answer; any other means that the connection is of no use. */
  private judge(error: Error): void {
    if (this.client && !this.trouble && !(error instanceof ConnectionFailure) && breaksConnection(error))
      this.lost(this.client, error);
  }

  private receive(notification: Notification): void {
    const notice = parseNotice(notification.payload ?? '');
    if (notice) this.emit('notice', notice);
  }
}

/** Anybody may NOTIFY on the channel: what is not one of our notices is passed over. */
function parseNotice(payload: string): Notice | undefined {
  try {
    const notice: unknown = JSON.parse(payload);
    const valid = typeof notice === 'object' && notice !== null && 'topic' in notice;
    return valid ? (notice as Notice) : undefined;
  } catch {
    return undefined;
  }
}
