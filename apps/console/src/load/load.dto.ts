import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsNumber, IsOptional, Max, Min, ValidateIf } from 'class-validator';

/** Only what is left out is left as it is: null is a value, and for a limit that there is none. */
const IfGiven = () => ValidateIf((_, value) => value !== undefined);

/** What is to change; the rest stays as it is. Null takes a limit away. */
export class LoadDto {
  /** Arrivals per second. */
  @ApiPropertyOptional({ type: 'number' })
  @IfGiven()
  @IsNumber()
  @Min(1)
  @Max(200)
  readonly rate?: number;

  @IfGiven()
  @IsBoolean()
  readonly paused?: boolean;

  /** Share of the arrivals that want the favourite product, or `zipf`. */
  @ApiPropertyOptional({
    oneOf: [
      { type: 'number', minimum: 0, maximum: 1 },
      { type: 'string', enum: ['zipf'] },
    ],
  })
  @ValidateIf((_, value) => value !== undefined && value !== 'zipf')
  @IsNumber()
  @Min(0)
  @Max(1)
  readonly hot?: number | 'zipf';

  /** Milliseconds that a user waits for an answer. */
  @ApiPropertyOptional({ type: 'integer', nullable: true })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(15_000)
  readonly give_up_ms?: number | null;

  /** How often a user sends again what failed. */
  @ApiPropertyOptional({ type: 'integer' })
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(20)
  readonly retries?: number;

  /** Milliseconds of the first pause before it is sent again, doubled each time; 0: at once. */
  @ApiPropertyOptional({ type: 'integer' })
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(60_000)
  readonly backoff_ms?: number;

  /** Requests sent again at most, in percent of those sent once. */
  @ApiPropertyOptional({ type: 'number', nullable: true })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(100)
  readonly retry_budget_percent?: number | null;

  /** Seconds for which this load stays silent, so that another one is alone; 0 ends that. Nothing else changes by it. */
  @ApiPropertyOptional({ type: 'integer' })
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(3_600)
  readonly give_way_seconds?: number;
}
