import { Configuration } from '@app/configuration';
import { SessionClient } from '@app/postgres-session';
import { Injectable, Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { poolSettings } from './connection-settings';

/** Attempts to see one process of the server answer two connections: with others at work, chance may hide it. */
const ATTEMPTS = 5;

/**
 * Whether the connections of this process lead to sessions of their own. Behind a pooler that shares sessions between
 * transactions they do not: what is set on one holds for others too, and stays when this process is gone.
 */
@Injectable()
export class SessionCheck {
  private readonly logger = new Logger(SessionCheck.name);
  private probing?: Promise<void>;
  private readonly onChange = new Set<() => void>();
  private nameTold = false;
  /** Why a setting on a connection would reach other processes; undefined while each has its own session. */
  shared?: string;

  constructor(
    pool: Pool,
    private readonly configuration: Configuration,
  ) {
    pool.on('connect', (client) => {
      if (client instanceof SessionClient) this.look(client);
    });
  }

  /** Calls back when `shared` changes, before the connection that showed it runs a statement. */
  changed(listener: () => void): void {
    this.onChange.add(listener);
  }

  private look(client: SessionClient): void {
    this.checkName(client);
    if (!client.pooled) return this.set(undefined);
    // Until it is known that the pooler keeps sessions apart, it must be assumed that it does not.
    if (this.probing) return;
    this.set('a pooler is between this process and PostgreSQL, and may share sessions');
    this.probing = this.probe().catch(() => {
      // It will be tried again with the next connection.
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

  /** Whether, of two connections, one is answered by the process of the server that answered the other before. */
  private async backendChanges(): Promise<boolean> {
    const one = new SessionClient(poolSettings(this.configuration));
    const other = new SessionClient(poolSettings(this.configuration));
    try {
      await one.connect();
      await other.connect();
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const before = await backend(one);
        await other.query('BEGIN');
        // Asked first: where there is only one session, the other connection would now wait in vain.
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
    if (this.nameTold || kept === undefined || kept === sent) return;
    this.nameTold = true;
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
