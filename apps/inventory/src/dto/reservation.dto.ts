import { ApiProperty } from '@nestjs/swagger';

export class Reservation {
  @ApiProperty({ type: 'integer', example: 5 })
  readonly product_id!: number;

  @ApiProperty({ example: 'Meridian 34 Ultrawide' })
  readonly name!: string;

  @ApiProperty({ type: 'integer', example: 1 })
  readonly reserved!: number;

  @ApiProperty({ type: 'integer', example: 9_999 })
  readonly remaining_stock!: number;
}
