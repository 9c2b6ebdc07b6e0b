import { IsPlainText, NumberFromText } from '@app/bootstrap';
import { WholeNumber } from '@app/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsNumber, IsOptional, Max, Min } from 'class-validator';

/** The largest price that the column holds. */
const PRICE_MAX = 99_999_999.99;

export class ListProductsDto {
  @IsOptional()
  @IsPlainText(100, { example: 'Audio', required: false })
  readonly category?: string;

  @ApiPropertyOptional({ type: 'number', minimum: 0, maximum: PRICE_MAX, example: 50 })
  @NumberFromText()
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(PRICE_MAX)
  readonly price_min?: number;

  @ApiPropertyOptional({ type: 'number', minimum: 0, maximum: PRICE_MAX, example: 300 })
  @NumberFromText()
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(PRICE_MAX)
  readonly price_max?: number;

  @NumberFromText()
  @WholeNumber(1, 100, { default: 50 })
  readonly limit!: number;

  @NumberFromText()
  @WholeNumber(0, 1_000_000, { default: 0 })
  readonly offset!: number;
}
