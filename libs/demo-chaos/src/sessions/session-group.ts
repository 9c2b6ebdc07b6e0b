import { setTimeout } from 'node:timers/promises';
import type { Configuration } from '@app/configuration';
import { type SessionRole, sessionSettings } from '@app/database';
import { SessionClient, type SessionSettings } from '@app/postgres-session';

/** Milliseconds to wait after a statement that failed, so that a server that is down is not asked all the time. */
const AFTER_FAILURE_MS = 100;

/**
 * Sessions of PostgreSQL that a fault has outside the pool. PostgreSQL releases what they hold when they are closed,
 * and when the process dies: nothing else keeps track of it.
 */
export class SessionGroup {
  private readonly clients = new Set<SessionClient>();
  private closed = false;
  /** Whether PostgreSQL ended one of them before it had finished its work. */
  lost = false;

  constructor(private readonly configuration: Configuration) {}

  /** Process ids of their backends. */
  get pids(): number[] {
    return [...this.clients].flatMap(({ backendPid }) => backendPid ?? []);
  }

  get size(): number {
    return this.clients.size;
  }

  /**
   * Opens one more session.
   * @param changed settings that differ from the limits of its role
   * @param name its application_name; without one it looks like those of this service's pool
   */
  async login(role: SessionRole, changed?: SessionSettings, name?: string): Promise<SessionClient> {
    const client = new SessionClient(sessionSettings(this.configuration, role, changed, name));
    client.on('error', () => this.ended(client));
    client.on('end', () => this.ended(client));
    try {
      await client.connect();
      if (this.closed) throw new Error('the fault has ended meanwhile');
      this.clients.add(client);
    } catch (error) {
      this.logout(client);
      throw error;
    }
    return client;
  }

  /** Opens one more session, in a transaction that stays open: the limit of its role, which would end it, is the remedy. */
  async loginInTransaction(role: SessionRole, begin: string, name?: string): Promise<SessionClient> {
    const client = await this.login(role, { idle_in_transaction_session_timeout: '0' }, name);
    await client.query(begin);
    return client;
  }

  /** Ends a session, whatever it does. */
  logout(client: SessionClient): void {
    this.clients.delete(client);
    client.connection.stream.destroy();
  }

  /** Repeats some work until the group is closed. Errors in it are part of the fault. */
  async repeat(work: () => Promise<unknown>, pauseMs = 0): Promise<void> {
    while (!this.closed) {
      const failed = await work().then(
        () => false,
        () => true,
      );
      if (this.lost) return;
      await setTimeout(failed ? Math.max(pauseMs, AFTER_FAILURE_MS) : pauseMs);
    }
  }

  close(): void {
    this.closed = true;
    for (const client of [...this.clients]) this.logout(client);
  }

  private ended(client: SessionClient): void {
    if (this.clients.delete(client)) this.lost = true;
  }
}
