import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { DatabaseAccess } from './database-access';

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

  /** Address the HTTP server binds to. Not `HOST`, under which some shells export the machine's name. */
  @IsNotEmpty()
  LISTEN_ADDRESS = '0.0.0.0';

  @IsString()
  DB_PASSWORD = '';

  /** Most connections this process opens; the server's budget may allow fewer. */
  @IsInt()
  @Min(1)
  @Max(1_000)
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

  /** `sdk` makes spans and histograms by the SDK's own means; `direct` makes the same ones at a fraction of the cost. */
  @IsIn(['direct', 'sdk'])
  TELEMETRY_ENCODING: 'direct' | 'sdk' = 'direct';

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
}
