import { WholeNumber } from '@app/http';
import { Transform } from 'class-transformer';

/** A process id fits an integer of PostgreSQL. */
const MOST = 2_147_483_647;

export class SessionDto {
  /** Process id of the session. */
  @Transform(({ value }) => Number(value))
  @WholeNumber(1, MOST, { example: 4711 })
  readonly pid!: number;
}
