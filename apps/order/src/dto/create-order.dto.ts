import { IsEntityId, IsPlainText } from '@app/bootstrap';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

export class CreateOrderDto {
  @ApiProperty({ minLength: 1, maxLength: 255, example: 'demo_user' })
  @IsPlainText(255)
  readonly user_id!: string;

  @IsEntityId()
  readonly product_id!: number;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 10_000, example: 2 })
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly quantity!: number;
}
