import { IsBoolean, IsNumber, IsOptional, Max, Min } from 'class-validator';

/** What is to change; the rest stays as it is. */
export class LoadDto {
  /** Arrivals per second. */
  @IsOptional()
  @IsNumber()
  @Min(1)
  @Max(200)
  readonly rate?: number;

  @IsOptional()
  @IsBoolean()
  readonly paused?: boolean;
}
