import { NumberFromText } from '@app/bootstrap';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

export class PopularProductsQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 10 })
  @NumberFromText()
  @IsInt()
  @Min(1)
  @Max(100)
  readonly limit: number = 10;
}

export class PopularProduct {
  @ApiProperty({ type: 'integer', example: 5 })
  readonly product_id!: number;

  @ApiProperty({ example: 'Meridian 34 Ultrawide' })
  readonly name!: string;

  @ApiProperty({ example: 'Displays' })
  readonly category!: string;

  @ApiProperty({ example: 699 })
  readonly price!: number;

  @ApiProperty({ type: 'integer', example: 3 })
  readonly order_count!: number;

  @ApiProperty({ type: 'integer', example: 4 })
  readonly total_quantity!: number;
}

export class PopularProductsDto {
  @ApiProperty({ type: [PopularProduct] })
  readonly popular_products!: PopularProduct[];
}
