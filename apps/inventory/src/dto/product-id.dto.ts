import { IsEntityId, NumberFromText } from '@app/bootstrap';

export class ProductIdDto {
  @NumberFromText()
  @IsEntityId()
  readonly product_id!: number;
}
