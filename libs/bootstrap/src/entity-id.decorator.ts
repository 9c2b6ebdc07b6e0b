import { WholeNumber } from '@app/http';

/** The largest `integer` of PostgreSQL. */
export const INT4_MAX = 2_147_483_647;

/** An id that the database can have. */
export function IsEntityId(): PropertyDecorator {
  return WholeNumber(1, INT4_MAX, { example: 5 });
}
