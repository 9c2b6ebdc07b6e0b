import { ApiProperty } from '@nestjs/swagger';

/** A product, under the names that the table has. */
export class Product {
  @ApiProperty({ type: 'integer', example: 5 })
  readonly id!: number;

  @ApiProperty({ example: 'Meridian 34 Ultrawide' })
  readonly name!: string;

  @ApiProperty({ example: 'Displays' })
  readonly category!: string;

  @ApiProperty({ example: 699 })
  readonly price!: number;

  @ApiProperty({ example: '34-inch curved ultrawide monitor, 144 Hz' })
  readonly description!: string;

  @ApiProperty({ type: 'integer', example: 10_000 })
  readonly stock_quantity!: number;
}

export class ProductList {
  @ApiProperty({ type: [Product] })
  readonly products!: Product[];

  /** Products in this answer. */
  @ApiProperty({ type: 'integer', example: 24 })
  readonly count!: number;

  @ApiProperty({ type: 'integer', example: 50 })
  readonly limit!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  readonly offset!: number;
}
