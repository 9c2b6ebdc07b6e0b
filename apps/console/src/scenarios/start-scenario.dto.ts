import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

export class StartScenarioDto {
  /** Which requests are sent, and when; that of the scenario. */
  @ApiPropertyOptional({ type: 'integer', nullable: true })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(2 ** 32 - 1)
  readonly seed?: number;

  /** Who says when a step is over. */
  @IsIn(['hand', 'clock'])
  readonly pace: 'hand' | 'clock' = 'hand';
}

export class ScenarioNameDto {
  @Matches(/^[a-z0-9-]{1,80}$/)
  readonly name!: string;
}
