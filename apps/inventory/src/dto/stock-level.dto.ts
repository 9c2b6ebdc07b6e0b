import { ApiProperty } from '@nestjs/swagger';

export class StockLevel {
  @ApiProperty({ type: 'integer', example: 5 })
  readonly product_id!: number;

  @ApiProperty({ example: 'Meridian 34 Ultrawide' })
  readonly name!: string;

  @ApiProperty({ type: 'integer', example: 100_000 })
  readonly stock_quantity!: number;

  @ApiProperty({ example: true })
  readonly in_stock!: boolean;
}
