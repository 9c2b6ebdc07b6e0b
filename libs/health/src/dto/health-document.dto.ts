import type { BudgetView, ConnectionQueue } from '@app/database';
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

  @ApiProperty(COUNT)
  readonly held_by_fault!: number;

  @ApiProperty(COUNT)
  readonly served!: number;

  @ApiProperty(COUNT)
  readonly timed_out!: number;

  @ApiProperty(COUNT)
  readonly refused!: number;

  @ApiProperty(COUNT)
  readonly given_back!: number;
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

  @ApiProperty({ type: OwnConnections })
  readonly own!: ConnectionQueue['own'] & ConnectionQueue['counts'];
}

/** Spans or log records since the process started. */
class Exported {
  @ApiProperty(COUNT)
  readonly sent!: number;

  /** Never sent: the queue was full, or the backend did not take them in time. */
  @ApiProperty(COUNT)
  readonly dropped!: number;
}

/** What became of the telemetry of this process. */
class ExportedTelemetry {
  @ApiProperty({ type: Exported })
  readonly spans!: Exported;

  @ApiProperty({ type: Exported })
  readonly logs!: Exported;
}

export class HealthDocument {
  @ApiProperty({ enum: HEALTH_STATUSES })
  readonly status!: (typeof HEALTH_STATUSES)[number];

  /** Why it is down. */
  @ApiPropertyOptional({ type: 'string' })
  readonly reason?: string;

  @ApiProperty({ type: 'string', example: 'inventory-service' })
  readonly service!: string;

  /** This process among the replicas of the service. */
  @ApiProperty({ type: 'string' })
  readonly instance!: string;

  @ApiProperty({ type: ConnectionPool })
  readonly connection_pool!: ConnectionPool;

  @ApiPropertyOptional({ type: ExportedTelemetry })
  readonly telemetry?: ExportedTelemetry;

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
