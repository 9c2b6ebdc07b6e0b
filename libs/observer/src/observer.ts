import type { ClientSample, Sample } from '@app/diagnosis';
import type { Client } from 'pg';
import { clientSample } from './client-metrics';
import { DatabaseEye, type DatabaseObservation } from './database-eye';

/** Milliseconds to wait at most for the metrics of a service. */
const TIMEOUT_MS = 1_000;

/** What to observe. */
export interface Observed {
  /** A client that is not connected yet, of a role that may see the sessions of others (pg_monitor). */
  database: () => Client;
  /** Address of the metrics of each service, by its name. */
  metrics: Readonly<Record<string, string>>;
  /** Beginnings of HTTP routes that do not belong to the application, such as those of probes. */
  ignoredRoutes: readonly string[];
}

/** What one poll of everything returned. */
export interface Observation {
  /** Unix milliseconds. */
  at: number;
  /** Undefined if the server did not answer. */
  database?: DatabaseObservation;
  /** Why it did not: the message, and the code of the system or the SQLSTATE. */
  trouble?: { message: string; code: string };
  /** Empty if this poll left out the services. */
  clients: ClientSample[];
}

/**
 * Polls a database and what the services measure about themselves. It keeps one connection, and does not know who polls
 * or why: it reads what any operator may read.
 */
export class Observer {
  private client?: Client;
  private eye?: DatabaseEye;

  constructor(
    private readonly observed: Observed,
    /** Role of the services, whose statements are counted. */
    private readonly role: string,
  ) {}

  /** Never rejects. @param thorough also polls the services, and what changes slowly in the server */
  async observe(thorough: boolean): Promise<Observation> {
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

  private async database(thorough: boolean): Promise<Pick<Observation, 'database' | 'trouble'>> {
    try {
      this.eye ??= await this.connect();
      return { database: await this.eye.read(thorough) };
    } catch (error) {
      // end() never returns while the connection is being made; destroying the socket frees both sides.
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
    const client = this.observed.database();
    client.on('error', () => undefined);
    this.client = client;
    await client.connect();
    return new DatabaseEye(client, this.role);
  }

  private async clients(): Promise<ClientSample[]> {
    const found = await Promise.all(
      Object.entries(this.observed.metrics).map(async ([service, url]) => {
        // A new connection each time: behind one address there may be several processes, and each gets its turn.
        const init = { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { Connection: 'close' } };
        const response = await fetch(url, init).catch(() => undefined);
        const text = response?.ok ? await response.text().catch(() => '') : '';
        return text ? [clientSample(service, text, this.observed.ignoredRoutes)] : [];
      }),
    );
    return found.flat();
  }
}

/** What a diagnosis may see of a poll: programs by the name before the `@`, and nothing that says their purpose. */
export function sampleOf({ at, database, trouble, clients }: Observation): Sample {
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
