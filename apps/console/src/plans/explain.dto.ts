import { IsString, MaxLength } from 'class-validator';

export class ExplainDto {
  /** Letter for letter as a span has it. */
  @IsString()
  @MaxLength(10_000)
  readonly statement!: string;
}
