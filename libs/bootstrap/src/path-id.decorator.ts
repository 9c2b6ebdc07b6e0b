import { Problem } from '@app/problem';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { Request } from 'express';
import { INT4_MAX } from './entity-id.decorator';

/**
 * An id in the path, checked for whether the database could have it. The check is plain code, not a class: for one
 * number, building and checking an object costs more than the rest of the framework.
 */
export function PathId(name: string): ParameterDecorator {
  const declared: ParameterDecorator = (target, method) => {
    const schema = { type: 'integer', minimum: 1, maximum: INT4_MAX, example: 5 } as const;
    if (method === undefined) return;
    ApiParam({ name, schema })(target, method, Object.getOwnPropertyDescriptor(target, method) ?? {});
  };
  return createParamDecorator(
    (_: unknown, context: ExecutionContext): number => {
      const text = String(context.switchToHttp().getRequest<Request>().params[name]);
      const id = Number(text);
      if (/^\d{1,10}$/.test(text) && id >= 1 && id <= INT4_MAX) return id;
      throw Problem.ofFields([
        { field: name, detail: `${name} must be a whole number from 1 to ${INT4_MAX}` },
      ]);
    },
    [declared],
  )();
}
