import { isDeepStrictEqual } from 'node:util';
import { Client, type ClientConfig, Query, type QueryResult } from 'pg';
import {
  type EstablishedSession,
  type ServerParameters,
  type SessionSettings,
  sessionStatement,
} from './session-settings';

export interface SessionConfig extends ClientConfig {
  /** Settings in addition to those that every session needs. */
  session?: SessionSettings;
}

type Connected = (error: Error | null, client?: Client) => void;

/** What pg has read from the environment, which its types leave out. */
interface Parameters {
  options?: string;
  replication?: string;
  password?: ClientConfig['password'];
}

interface ParameterStatus {
  parameterName: string;
  parameterValue: string;
}

/** Milliseconds for setting up the session if the configuration sets no time for connecting. */
const PATIENCE_MS = 5_000;

/** What a server reported when it accepted the latest connection; it will most likely report the same to the next one. */
const lastReported = new Map<string, ServerParameters>();

/**
 * pg's client for a session that assumes nothing: no PG* variable of the shell influences it, and it is connected once
 * PostgreSQL has set all that the session needs. The statement that sets it is sent while PostgreSQL still starts the
 * session, if an earlier connection has shown which statement it needs: otherwise it costs one more round trip.
 */
export class SessionClient extends Client {
  /** What PostgreSQL reported when the session was set up. */
  established?: EstablishedSession;
  private readonly reported: ServerParameters = {};
  private readonly server: string;

  constructor(private readonly config: SessionConfig) {
    super({ ...config, sslnegotiation: 'postgres', client_encoding: 'utf8' } as ClientConfig);
    const parameters = (this as unknown as { connectionParameters: Parameters }).connectionParameters;
    // If these are not configured, pg takes them from PGOPTIONS, PGREPLICATION and PGPASSWORD.
    Object.assign(parameters, { options: config.options, replication: undefined });
    if (typeof config.password !== 'function') {
      parameters.password = config.password ?? '';
      this.password = String(config.password ?? '');
    }
    this.server = `${config.host}:${config.port}/${config.database} as ${config.user}`;
    this.connection.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) => {
      this.reported[parameterName as keyof ServerParameters] = parameterValue;
    });
    // Without a listener, a server that ends the session would end this process.
    this.on('error', () => undefined);
  }

  /** Whether the server process that answers is not the one that accepted this connection: then a pooler is in between. */
  get pooled(): boolean {
    return this.established !== undefined && this.established.pid !== this.backendPid;
  }

  /** The process of the server that let this connection in: `pid` of pg_stat_activity. pg's types leave it out. */
  get backendPid(): number | undefined {
    return (this as unknown as { processID: number | null }).processID ?? undefined;
  }

  override connect(): Promise<this>;
  override connect(connected: Connected): void;
  override connect(connected?: Connected): Promise<this> | undefined {
    const opened = this.open();
    if (!connected) return opened;
    opened.then(
      () => connected(null, this),
      (error) => connected(error),
    );
    return undefined;
  }

  private async open(): Promise<this> {
    const expected = lastReported.get(this.server);
    const early = expected && this.answerTo(this.statement(expected), 'early');
    // A connection that cannot be opened reports that itself.
    early?.catch(() => undefined);
    await super.connect();
    const { server_version, default_transaction_read_only } = this.reported;
    const reported = { server_version, default_transaction_read_only };
    try {
      const wasRight = isDeepStrictEqual(expected, reported);
      this.established = await (early && wasRight ? early : this.answerTo(this.statement(reported), 'now'));
      lastReported.set(this.server, reported);
      return this;
    } catch (error) {
      lastReported.delete(this.server);
      this.connection.stream.destroy();
      throw error;
    }
  }

  private statement(server: ServerParameters): string {
    return sessionStatement(this.config.session ?? {}, server);
  }

  /** @param when `early`: PostgreSQL reads it as soon as it is ready, and pg takes the answer for the one to this query */
  private answerTo(text: string, when: 'early' | 'now'): Promise<EstablishedSession | undefined> {
    const answer = Promise.withResolvers<EstablishedSession | undefined>();
    // pg's types include neither a callback nor several results for several statements.
    const query = Object.assign(new Query({ text }), {
      callback: (error: Error | null, results?: QueryResult<EstablishedSession>[]) =>
        error ? answer.reject(error) : answer.resolve(results?.at(-1)?.rows[0]),
    });
    if (when === 'early') {
      query.submit = () => undefined;
      this.connection.once('authenticationOk', () => this.connection.query(text));
    }
    this.query(query);
    const patience = () => answer.reject(new Error('PostgreSQL did not set up the session in time'));
    const timer = setTimeout(patience, this.config.connectionTimeoutMillis || PATIENCE_MS);
    return answer.promise.finally(() => clearTimeout(timer));
  }
}
