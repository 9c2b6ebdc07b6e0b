import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

/** The largest `integer` of PostgreSQL. */
export const INT4_MAX = 2_147_483_647;

/** An id that the database can have. */
export function IsEntityId(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'integer', minimum: 1, maximum: INT4_MAX, example: 5 }),
    IsInt(),
    Min(1),
    Max(INT4_MAX),
  );
}
