import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { DatabaseAccess } from './database-access';

/** Connections that one process can be allowed. */
const MOST_OF_A_POOL = 1_000;

/**
 * All that can be configured, under the names of the environment variables. Read and checked once at start
 * by `readConfiguration`; inject it by this class. OpenTelemetry's own `OTEL_*` variables are read by its SDK.
 */
export class Configuration extends DatabaseAccess {
  /** Name of this service in PostgreSQL (`application_name`) and telemetry (`service.name`). */
  @Matches(/^[a-z][a-z0-9-]*$/)
  @MaxLength(20)
  SERVICE_NAME!: string;

  /** TCP port of the HTTP server; 0 lets the system choose one. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT!: number;

  /**
   * Address the HTTP server binds to: `::` is every address of both families, `localhost` is loopback of both. Not
   * `HOST`, under which some shells export the machine's name.
   */
  @IsNotEmpty()
  LISTEN_ADDRESS = '::';

  /** Password of DB_USER. */
  @IsString()
  DB_PASSWORD = '';

  /** Role of somebody else's work on the same server, for faults that come from there. */
  @IsNotEmpty()
  DB_NEIGHBOUR_USER = 'dbneighbour';

  /** Without it, faults that need that role are not available. */
  @IsString()
  DB_NEIGHBOUR_PASSWORD = '';

  /** Most connections this process opens: the whole budget unless told otherwise. The server may allow fewer. */
  @IsInt()
  @Min(1)
  @Max(MOST_OF_A_POOL)
  DB_POOL_MAX = 100;

  /** Idle connections this process keeps open while the budget has room. */
  @IsInt()
  @Min(0)
  @Max(100)
  DB_POOL_MIN = 1;

  /** Milliseconds after which an idle connection above DB_POOL_MIN is closed. */
  @IsInt()
  @Min(10)
  @Max(3_600_000)
  DB_POOL_IDLE_TIMEOUT_MS = 500;

  /** Milliseconds a request waits for a connection before it is answered 503. */
  @IsInt()
  @Min(1)
  @Max(60_000)
  DB_ACQUIRE_TIMEOUT_MS = 3_000;

  /**
   * Milliseconds for a server that has taken up a connection to let it in; never less than a request may wait for it.
   * Giving up sooner only makes a slow server start another process.
   */
  @IsInt()
  @Min(100)
  @Max(600_000)
  DB_CONNECT_TIMEOUT_MS = 10_000;

  /** Requests that may wait for a connection at once; one more is answered 503 immediately. */
  @IsInt()
  @Min(1)
  @Max(100_000)
  DB_QUEUE_MAX = 1_000;

  /** Milliseconds a statement may take beyond the delay of a fault, before the connection is given up. */
  @IsInt()
  @Min(1)
  @Max(600_000)
  DB_STATEMENT_TIMEOUT_MS = 3_000;

  /** `classic` names a span `SELECT productcatalog.products`; `stable`, as current conventions do, `SELECT products`. */
  @IsIn(['classic', 'stable'])
  DB_SPAN_NAME: 'classic' | 'stable' = 'classic';

  /**
   * Whether each statement ends with a comment that names its trace (`traceparent`), so that logs and views of
   * PostgreSQL lead to it. Such a text is another one each time, and can be neither prepared nor planned ahead.
   */
  @IsBoolean()
  DB_SQL_COMMENTER = false;

  /** `sdk` makes spans and histograms by the SDK's own means; `direct` makes the same ones at a fraction of the cost. */
  @IsIn(['direct', 'sdk'])
  TELEMETRY_ENCODING: 'direct' | 'sdk' = 'direct';

  /** Base URL of a console that gets the same telemetry as the backend that the `OTEL_*` variables name, if they do. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  CONSOLE_OTLP_ENDPOINT?: string;

  /** Whether the `/demo/*` faults may be switched on. */
  @IsBoolean()
  CHAOS_ENABLED = true;

  /** When set, the calls that change a fault need `Authorization: Bearer` with this token. */
  @IsOptional()
  @IsString()
  @MinLength(8)
  @Matches(/^\S+$/)
  CHAOS_TOKEN?: string;

  /** `strict` turns readiness off while the pool is exhausted or the database unreachable. */
  @IsIn(['lenient', 'strict'])
  READINESS_MODE: 'lenient' | 'strict' = 'lenient';

  /** Milliseconds in which a stopping process still accepts requests, answering each with `Connection: close`. */
  @IsInt()
  @Min(0)
  @Max(60_000)
  SHUTDOWN_DRAIN_MS = 500;

  /** Least severe log line that is written. */
  @IsIn(['error', 'warn', 'log', 'debug'])
  LOG_LEVEL: 'error' | 'warn' | 'log' | 'debug' = 'log';

  /** A single process may take the whole budget. A value that is not a number is left to the check, which names it. */
  derive(isSet: (variable: string) => boolean): void {
    const { DB_CONNECTION_BUDGET } = this;
    if (isSet('DB_POOL_MAX') || !(DB_CONNECTION_BUDGET >= 1)) return;
    this.DB_POOL_MAX = Math.min(DB_CONNECTION_BUDGET, MOST_OF_A_POOL);
  }
}
