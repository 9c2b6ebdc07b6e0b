import { IsEntityId } from '@app/bootstrap';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

export class ReserveStockDto {
  @IsEntityId()
  readonly product_id!: number;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 10_000, example: 1 })
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly quantity!: number;
}
