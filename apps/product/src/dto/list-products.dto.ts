import { IsPlainText, NumberFromText } from '@app/bootstrap';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';

/** The largest price that the column holds. */
const PRICE_MAX = 99_999_999.99;

export class ListProductsDto {
  @ApiPropertyOptional({ example: 'Audio', maxLength: 100 })
  @IsOptional()
  @IsPlainText(100)
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

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 50 })
  @NumberFromText()
  @IsInt()
  @Min(1)
  @Max(100)
  readonly limit: number = 50;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 1_000_000, default: 0 })
  @NumberFromText()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  readonly offset: number = 0;
}
