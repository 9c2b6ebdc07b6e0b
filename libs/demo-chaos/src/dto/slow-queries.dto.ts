import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { FaultDto } from './fault.dto';

export class SlowQueriesDto extends FaultDto {
  /** Milliseconds added to each statement, inside PostgreSQL. */
  @ApiPropertyOptional({ type: 'integer', default: 2_900, minimum: 1, maximum: 30_000 })
  @IsInt()
  @Min(1)
  @Max(30_000)
  readonly delay_ms: number = 2_900;
}
