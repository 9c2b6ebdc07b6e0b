import { IsEntityId } from '@app/bootstrap';
import { WholeNumber } from '@app/http';

export class ReserveStockDto {
  @IsEntityId()
  readonly product_id!: number;

  @WholeNumber(1, 10_000, { example: 1 })
  readonly quantity!: number;
}
