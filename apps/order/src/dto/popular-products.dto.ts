import { NumberFromText } from '@app/bootstrap';
import { WholeNumber } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';

export class PopularProductsQueryDto {
  @NumberFromText()
  @WholeNumber(1, 100, { default: 10 })
  readonly limit!: number;
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
