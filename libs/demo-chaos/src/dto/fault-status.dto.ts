import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const VALUES = { type: 'object', additionalProperties: { type: 'number' } } as const;
const ASKED: { oneOf: { type: 'number' | 'string' }[] } = { oneOf: [{ type: 'number' }, { type: 'string' }] };

/** A fault, on or off, with what was asked and what was measured. */
export class FaultStatus {
  @ApiProperty({ type: 'string', example: 'slow-queries' })
  readonly fault!: string;

  @ApiProperty({ type: 'boolean' })
  readonly enabled!: boolean;

  @ApiPropertyOptional({ type: 'object', additionalProperties: ASKED, example: { delay_ms: 2_900 } })
  readonly asked?: Record<string, unknown>;

  /** Missing until something was measured. */
  @ApiPropertyOptional({ ...VALUES, example: { added_ms: 2_903, statements: 12 } })
  readonly measured?: Record<string, unknown>;

  /** Whether the measured is what was asked; missing until something was measured. */
  @ApiPropertyOptional({ type: 'boolean' })
  readonly effective?: boolean;

  /** The same as a sentence. */
  @ApiPropertyOptional({ type: 'string' })
  readonly detail?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  readonly started_at?: Date;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 3_600 })
  readonly expires_in_seconds?: number;
}

export class DemoStatus {
  @ApiProperty({ type: 'string', example: 'inventory-service' })
  readonly service!: string;

  /** Whether faults may be switched on here. */
  @ApiProperty({ type: 'boolean' })
  readonly chaos_enabled!: boolean;

  /** Whether this process knows what is declared for its service; `faults` says what is in force in this process. */
  @ApiProperty({ type: 'boolean' })
  readonly known!: boolean;

  /** Why it does not. */
  @ApiPropertyOptional({ type: 'string' })
  readonly unknown_because?: string;

  @ApiProperty({ type: [FaultStatus] })
  readonly faults!: FaultStatus[];

  /** Connections that PostgreSQL counts for all services; missing until it could be asked once. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0 })
  readonly active_connections?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0 })
  readonly max_connections?: number;
}

export class ResetResult {
  /** Names of the faults that were on. */
  @ApiProperty({ type: [String], example: ['slow-queries'] })
  readonly stopped!: string[];

  /** Connections that PostgreSQL counts for all services after that. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0 })
  readonly active_connections?: number;
}
