import { Configuration } from '@app/configuration';
import { SessionClient } from '@app/postgres-session';
import { Injectable, Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { poolSettings } from './connection-settings';

/** Attempts to see one server process answer both connections: while others are at work, chance may hide it. */
const ATTEMPTS = 5;

/**
 * Whether the connections of this process lead to sessions of their own. Behind a pooler that shares sessions between
 * transactions they do not: a setting made on one then applies to others too, and stays when this process is gone.
 */
@Injectable()
export class SessionCheck {
  private readonly logger = new Logger(SessionCheck.name);
  private probing?: Promise<void>;
  private readonly onChange = new Set<() => void>();
  private nameReported = false;
  /** Why a setting on a connection would affect other processes; undefined while each connection has its own session. */
  shared?: string;

  constructor(
    pool: Pool,
    private readonly configuration: Configuration,
  ) {
    pool.on('connect', (client) => {
      if (client instanceof SessionClient) this.check(client);
    });
  }

  /** Calls back when `shared` changes, before the connection that showed it runs a statement. */
  changed(listener: () => void): void {
    this.onChange.add(listener);
  }

  private check(client: SessionClient): void {
    this.checkName(client);
    if (!client.pooled) return this.set(undefined);
    // Until the pooler is known to keep sessions apart, the check must assume that it does not.
    if (this.probing) return;
    this.set('a pooler is between this process and PostgreSQL, and may share sessions');
    this.probing = this.probe().catch(() => {
      // The next connection tries again.
      this.probing = undefined;
    });
  }

  private async probe(): Promise<void> {
    if (!(await this.backendChanges())) return this.set(undefined);
    this.set('a pooler in transaction mode shares the sessions of PostgreSQL between all its clients');
    this.logger.warn(
      `${this.shared}: slow queries are refused here, since they would slow other services and outlive their reset. ` +
        'Connect past the pooler, or in its session mode.',
    );
  }

  /** Whether one of two connections is answered by the server process that answered the other one before. */
  private async backendChanges(): Promise<boolean> {
    const one = new SessionClient(poolSettings(this.configuration));
    const other = new SessionClient(poolSettings(this.configuration));
    try {
      await one.connect();
      await other.connect();
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const before = await backend(one);
        await other.query('BEGIN');
        // The first query decides: with only one session, the other connection would now wait for nothing.
        const changes = (await backend(other)) === before || (await backend(one)) !== before;
        await other.query('ROLLBACK');
        if (changes) return true;
      }
      return false;
    } finally {
      for (const client of [one, other]) client.connection.stream.destroy();
    }
  }

  private set(shared: string | undefined): void {
    if (shared === this.shared) return;
    this.shared = shared;
    for (const listener of this.onChange) listener();
  }

  private checkName({ established }: SessionClient): void {
    const sent = poolSettings(this.configuration).application_name;
    const kept = established?.application_name;
    if (this.nameReported || kept === undefined || kept === sent) return;
    this.nameReported = true;
    this.logger.warn({
      message:
        'PostgreSQL has another application_name than was sent: whose connections are whose cannot be told',
      sent,
      kept,
    });
  }
}

async function backend(client: SessionClient): Promise<number | undefined> {
  return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
}
