import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';

export class FindSpansDto {
  /** The statement, letter for letter. */
  @IsString()
  @MaxLength(10_000)
  readonly statement!: string;

  /** Only the failed ones. */
  @IsOptional()
  @IsIn(['true', 'false'])
  readonly failed?: 'true' | 'false';
}
