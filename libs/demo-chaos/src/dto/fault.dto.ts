import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

/** What every fault can be told. */
export class FaultDto {
  /** Seconds after which the fault ends by itself. */
  @ApiPropertyOptional({ type: 'integer', default: 900, minimum: 1, maximum: 3_600 })
  @IsInt()
  @Min(1)
  @Max(3_600)
  readonly ttl_seconds: number = 900;
}
