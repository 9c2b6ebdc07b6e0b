import { IsEntityId, IsPlainText } from '@app/bootstrap';
import { WholeNumber } from '@app/http';

export class CreateOrderDto {
  @IsPlainText(255, { example: 'demo_user' })
  readonly user_id!: string;

  @IsEntityId()
  readonly product_id!: number;

  @WholeNumber(1, 10_000, { example: 2 })
  readonly quantity!: number;
}
