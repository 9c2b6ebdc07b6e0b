import { Problem } from '@app/problem';
import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request } from 'express';

const HEADER = 'Idempotency-Key';

/** The checked `Idempotency-Key` of the request; undefined without one. */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined => {
    const key = context.switchToHttp().getRequest<Request>().get(HEADER);
    if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
    throw Problem.ofFields([
      { field: HEADER, detail: `${HEADER} must be 1 to 255 visible ASCII characters` },
    ]);
  },
);

/** Declares the header in the OpenAPI document. */
export function ApiIdempotencyKey(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: HEADER,
      required: false,
      description:
        'Repeat the request with the same key, and the change happens once; remembered for 24 hours.',
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
    }),
  );
}
