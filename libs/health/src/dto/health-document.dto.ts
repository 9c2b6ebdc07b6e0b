import {
  type BudgetView,
  CAUSES,
  type ConnectionQueue,
  type RecentFailure,
  type ServerConnections as Server,
} from '@app/database';
import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';

/** `down`: the database is unreachable or the process stops; `exhausted`: hardly a connection is left. */
export const HEALTH_STATUSES = ['ok', 'degraded', 'exhausted', 'down'] as const;

const COUNT = { type: 'integer', minimum: 0 } as const;

/** Connections of one service, by what PostgreSQL sees them do. */
export class ServiceConnections {
  @ApiProperty(COUNT)
  readonly open!: number;

  @ApiProperty(COUNT)
  readonly active!: number;

  @ApiProperty(COUNT)
  readonly idle!: number;

  @ApiProperty(COUNT)
  readonly idle_in_transaction!: number;

  @ApiProperty(COUNT)
  readonly waiting_on_lock!: number;

  /** Held by the fault that exhausts the pool. */
  @ApiProperty(COUNT)
  readonly held_by_fault!: number;
}

/** This process: its connections and requests now, and its requests since it started. */
class OwnConnections {
  @ApiProperty(COUNT)
  readonly in_use!: number;

  @ApiProperty(COUNT)
  readonly idle!: number;

  @ApiProperty(COUNT)
  readonly waiting!: number;

  /** How long the first in the queue has waited; 0 when nobody waits. */
  @ApiProperty(COUNT)
  readonly oldest_wait_ms!: number;

  @ApiProperty(COUNT)
  readonly held_by_fault!: number;

  /** Requests that asked for a connection. */
  @ApiProperty(COUNT)
  readonly arrived!: number;

  @ApiProperty(COUNT)
  readonly served!: number;

  @ApiProperty(COUNT)
  readonly timed_out!: number;

  @ApiProperty(COUNT)
  readonly refused!: number;

  @ApiProperty(COUNT)
  readonly given_back!: number;
}

/** Connections of the whole server, of every role. */
export class ServerConnections {
  @ApiProperty({ ...COUNT, example: 100 })
  readonly max_connections!: number;

  /** Of them, kept for superusers and for roles with a share in the reserve. */
  @ApiProperty(COUNT)
  readonly reserved!: number;

  @ApiProperty(COUNT)
  readonly open!: number;

  /** What ordinary roles can still open. */
  @ApiProperty(COUNT)
  readonly free!: number;

  /** The roles with the most connections. */
  @ApiProperty({ type: 'object', additionalProperties: COUNT })
  readonly by_role!: Record<string, number>;
}

/** The pool that all services share, as PostgreSQL counted it; only `own` until it could be asked once. */
export class ConnectionPool {
  @ApiPropertyOptional({ ...COUNT, example: 95 })
  readonly active_connections?: number;

  @ApiPropertyOptional({ ...COUNT, example: 100 })
  readonly max_connections?: number;

  @ApiPropertyOptional({ type: 'number', minimum: 0, example: 95 })
  readonly utilization_percent?: number;

  /** False when PostgreSQL itself does not limit the role. */
  @ApiPropertyOptional({ type: 'boolean' })
  readonly enforced?: boolean;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(ServiceConnections) },
  })
  readonly by_service?: BudgetView['by_service'];

  /** Requests that wait for a connection, by service. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: COUNT })
  readonly waiting?: Record<string, number>;

  /** Milliseconds since PostgreSQL was asked. */
  @ApiPropertyOptional(COUNT)
  readonly age_ms?: number;

  /** Why the figures are not of now; without it they are. The pool goes on without them. */
  @ApiPropertyOptional()
  readonly reason?: string;
  /** Only while the server's own limit leaves the budget less than it has. */
  @ApiPropertyOptional({ type: ServerConnections })
  readonly server?: Server;

  /** Only behind a pooler that shares sessions: what that means. */
  @ApiPropertyOptional({ type: 'string' })
  readonly pooler?: string;

  @ApiProperty({ type: OwnConnections })
  readonly own!: ConnectionQueue['own'] & ConnectionQueue['counts'];
}

/** Spans, data points or log records since the process started. */
class Exported {
  @ApiProperty(COUNT)
  readonly sent!: number;

  /** Never sent: the queue was full, or the backend did not take them. */
  @ApiProperty(COUNT)
  readonly dropped!: number;

  /** Why the latest request was not taken, or not wholly; left out while all is well. */
  @ApiPropertyOptional({ type: 'string', example: 'HTTP 401' })
  readonly failing?: string;
}

/** What became of the telemetry of this process. */
class ExportedTelemetry {
  @ApiProperty({ type: Exported })
  readonly spans!: Exported;

  // Data points.
  @ApiProperty({ type: Exported })
  readonly metrics!: Exported;

  @ApiProperty({ type: Exported })
  readonly logs!: Exported;
}

/** What became of the log of this process. */
class LogLosses {
  /** Lines that could not be written since the process started. */
  @ApiProperty(COUNT)
  readonly lost!: number;

  /** Why, as the operating system calls it. */
  @ApiPropertyOptional({ type: 'string', example: 'ENOSPC' })
  readonly reason?: string;
}

/** A cause of failures that hits more than one request, seen in the last 10 s. */
class Failure implements RecentFailure {
  @ApiProperty({ enum: Object.keys(CAUSES), example: 'lock_timeout' })
  readonly cause!: RecentFailure['cause'];

  /** Only where PostgreSQL answered. */
  @ApiPropertyOptional({ type: 'string', example: '55P03' })
  readonly sqlstate?: string;

  /** What it is and what to do about it. */
  @ApiProperty({ type: 'string' })
  readonly reason!: string;

  /** Milliseconds since it was last seen. */
  @ApiProperty(COUNT)
  readonly age_ms!: number;
}

export class HealthDocument {
  @ApiProperty({ enum: HEALTH_STATUSES })
  readonly status!: (typeof HEALTH_STATUSES)[number];

  /** What is wrong, and with which of the two roles; what the budget alone says is in `connection_pool`. */
  @ApiPropertyOptional({ type: 'string' })
  readonly reason?: string;

  @ApiProperty({ type: 'string', example: 'inventory-service' })
  readonly service!: string;

  /** This process among the replicas of the service. */
  @ApiProperty({ type: 'string' })
  readonly instance!: string;

  @ApiProperty({ type: ConnectionPool })
  readonly connection_pool!: ConnectionPool;

  @ApiPropertyOptional({ type: [Failure] })
  readonly failures?: Failure[];

  @ApiPropertyOptional({ type: ExportedTelemetry })
  readonly telemetry?: ExportedTelemetry;

  @ApiPropertyOptional({ type: LogLosses })
  readonly log?: LogLosses;

  /** Each fault that this service can have, as in /demo/status. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: {
      type: 'object',
      required: ['enabled'],
      properties: { enabled: { type: 'boolean' } },
      additionalProperties: true,
    },
  })
  readonly faults?: Record<string, { enabled: boolean }>;
}
