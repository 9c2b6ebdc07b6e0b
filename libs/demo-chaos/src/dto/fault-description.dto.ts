import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FAULT_KINDS, type FaultKind } from '../fault';

/** A fault that this service can have, and all that a program needs to offer it. */
export class FaultDescription {
  @ApiProperty({ type: 'string', example: 'slow-queries' })
  readonly name!: string;

  @ApiProperty({ type: 'string', example: 'Slow queries' })
  readonly title!: string;

  /** Where it belongs in a list of all. */
  @ApiProperty({ type: 'string', enum: FAULT_KINDS, example: 'query' })
  readonly kind!: FaultKind;

  @ApiProperty({ type: 'string', example: 'Makes every statement of this service slow, inside PostgreSQL' })
  readonly summary!: string;

  /** `service`: each service has its own. `database`: one service at a time holds it, and all feel it. */
  @ApiProperty({ type: 'string', enum: ['service', 'database'] })
  readonly acts_on!: 'service' | 'database';

  /** Whether a routine check of a deployment switches it on. */
  @ApiProperty({ type: 'boolean' })
  readonly routine!: boolean;

  @ApiProperty({ type: 'boolean' })
  readonly available!: boolean;

  /** The right that is missing, where it is not available. */
  @ApiPropertyOptional({ type: 'string' })
  readonly unavailable_because?: string;

  /** JSON Schema of the settings: bounds, defaults, and what each is. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  readonly settings!: object;

  /** Settings for a short demonstration. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: { delay_ms: 500 } })
  readonly example!: object;
}

export class FaultCatalog {
  @ApiProperty({ type: [FaultDescription] })
  readonly faults!: FaultDescription[];
}
