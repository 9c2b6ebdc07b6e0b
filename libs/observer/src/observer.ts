import type { ClientSample, Sample } from '@app/diagnosis';
import type { Client } from 'pg';
import { clientSample } from './client-metrics';
import { DatabaseEye, type DatabaseLook } from './database-eye';

/** Milliseconds after which the metrics of a service are not waited for any longer. */
const TIMEOUT_MS = 1_000;

/** Where to look. */
export interface Place {
  /** A client that is still to be connected, of a role that may see the sessions of others (pg_monitor). */
  database: () => Client;
  /** Address of the metrics of each service, by its name. */
  metrics: Readonly<Record<string, string>>;
  /** Beginnings of HTTP routes that are not the application's, such as those of probes. */
  ignoredRoutes: readonly string[];
}

/** One look at everything. */
export interface Look {
  /** Unix milliseconds. */
  at: number;
  /** Undefined when the server could not be asked. */
  database?: DatabaseLook;
  /** Why it could not: the message, and the code of the system or the SQLSTATE. */
  trouble?: { message: string; code: string };
  /** Empty in a look that did not ask them. */
  clients: ClientSample[];
}

/**
 * Looks at a database and at what the services measure of themselves. It keeps one connection, and knows nothing of who
 * looks why: it reads what any operator may read.
 */
export class Observer {
  private client?: Client;
  private eye?: DatabaseEye;

  constructor(
    private readonly place: Place,
    /** Of the services: its statements are counted. */
    private readonly role: string,
  ) {}

  /** Never rejects. @param thorough also asks the services, and what changes slowly in the server */
  async look(thorough: boolean): Promise<Look> {
    const at = Date.now();
    const [database, clients] = await Promise.all([
      this.database(thorough),
      thorough ? this.clients() : Promise.resolve([]),
    ]);
    return { at, ...database, clients };
  }

  async end(): Promise<void> {
    const { client } = this;
    this.forget();
    await client?.end().catch(() => undefined);
  }

  private async database(thorough: boolean): Promise<Pick<Look, 'database' | 'trouble'>> {
    try {
      this.eye ??= await this.connect();
      return { database: await this.eye.look(thorough) };
    } catch (error) {
      // end() on a connection that is being made waits for ever; destroying the socket frees both sides.
      this.client?.connection.stream.destroy();
      this.forget();
      const { message, code = 'no answer' } = error as Error & { code?: string };
      // Node leaves the message empty when every address of a host refused.
      return { trouble: { message: message || code, code } };
    }
  }

  private forget(): void {
    this.client = undefined;
    this.eye = undefined;
  }

  private async connect(): Promise<DatabaseEye> {
    const client = this.place.database();
    client.on('error', () => undefined);
    this.client = client;
    await client.connect();
    return new DatabaseEye(client, this.role);
  }

  private async clients(): Promise<ClientSample[]> {
    const found = await Promise.all(
      Object.entries(this.place.metrics).map(async ([service, url]) => {
        // A new connection each time: behind one address there may be several processes, and each has its turn.
        const init = { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { Connection: 'close' } };
        const response = await fetch(url, init).catch(() => undefined);
        const text = response?.ok ? await response.text().catch(() => '') : '';
        return text ? [clientSample(service, text, this.place.ignoredRoutes)] : [];
      }),
    );
    return found.flat();
  }
}

/** What a diagnosis may see of a look: programs by the name before the `@`, and nothing that says what they are for. */
export function sampleOf({ at, database, trouble, clients }: Look): Sample {
  return {
    at,
    clients,
    trouble: trouble?.code,
    roundTripMs: database?.roundTripMs,
    database: database && {
      counters: database.counters,
      statements: database.statements,
      scannedRows: database.scannedRows,
      server: database.server,
      sessions: database.sessions.map((session) => ({
        pid: session.pid,
        role: session.role,
        application: session.application_name.split('@')[0] ?? '',
        state: session.state,
        wait: session.wait,
        sinceStateChange: session.since_state_change,
        sinceTransactionStart: session.since_transaction_start,
        snapshot: session.snapshot,
        query: session.query,
      })),
      waiting: database.waiting.map(({ pid, lock, mode, relation, blocked_by }) => ({
        pid,
        lock,
        mode,
        relation,
        blockedBy: blocked_by,
      })),
    },
  };
}
