import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import type { HealthIndicatorResult } from '@nestjs/terminus';

const CHECKS: ApiPropertyOptions = {
  type: 'object',
  additionalProperties: {
    type: 'object',
    required: ['status'],
    properties: { status: { type: 'string', enum: ['up', 'down'] } },
    additionalProperties: true,
  },
};

export class Liveness {
  @ApiProperty({ enum: ['ok'] })
  readonly status!: 'ok';
}

/** What Terminus answers when every check is up. */
export class Readiness {
  @ApiProperty({ enum: ['ok'] })
  readonly status!: string;

  @ApiPropertyOptional(CHECKS)
  readonly info?: Partial<HealthIndicatorResult>;

  @ApiPropertyOptional(CHECKS)
  readonly error?: Partial<HealthIndicatorResult>;

  /** Each check by its name. */
  @ApiProperty(CHECKS)
  readonly details!: HealthIndicatorResult;
}
