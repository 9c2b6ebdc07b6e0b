import { ApiProperty } from '@nestjs/swagger';

export class Order {
  @ApiProperty({ type: 'integer', example: 11 })
  readonly order_id!: number;

  @ApiProperty({ example: 'demo_user' })
  readonly user_id!: string;

  @ApiProperty({ type: 'integer', example: 5 })
  readonly product_id!: number;

  @ApiProperty({ type: 'integer', example: 2 })
  readonly quantity!: number;

  @ApiProperty({ type: 'string', format: 'date-time' })
  readonly order_date!: Date;
}
