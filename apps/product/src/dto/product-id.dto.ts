import { IsEntityId, NumberFromText } from '@app/bootstrap';

export class ProductIdDto {
  @NumberFromText()
  @IsEntityId()
  readonly id!: number;
}
