import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { FaultDto } from './fault.dto';

export class PoolExhaustionDto extends FaultDto {
  /** Connections of the shared budget to hold; at most the budget itself. */
  @ApiPropertyOptional({ type: 'integer', default: 95, minimum: 1, maximum: 10_000 })
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly connections: number = 95;
}
