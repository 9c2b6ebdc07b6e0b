import {
  ApiBodyProblems,
  ApiChangeProblems,
  ApiProblems,
  ApiReadProblems,
  type ProblemSlug,
} from '@app/problem';
import { applyDecorators, Get, HttpCode, Post, type Type } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { ApiIdempotencyKey } from './idempotency-key.decorator';

/** What every route that takes a body and changes data may answer with. */
const CHANGE: ProblemSlug[] = ['conflict', 'request-in-progress', 'idempotency-key-reused'];

/** What is told of a route once, for the router and for the OpenAPI document. */
interface Route {
  /** Below the controller's own; may be left out. */
  readonly path?: string;
  /** One sentence, for /docs. */
  readonly summary: string;
  readonly answer: Type;
  /** What it may answer with beyond what every route of its kind may. */
  readonly problems?: readonly ProblemSlug[];
}

/** A route that reads from the database and answers 200. */
export function Reads({ path, summary, answer, problems = [] }: Route): MethodDecorator {
  return applyDecorators(
    Get(path),
    ApiOperation({ summary }),
    ApiResponse({ status: 200, type: answer }),
    ApiProblems('invalid-request', ...problems),
    ApiReadProblems(),
  );
}

/** A route that changes data, once for each Idempotency-Key, and answers 200, or 201 where something was made. */
export function Changes({
  path,
  summary,
  answer,
  problems = [],
  status = 200,
}: Route & { readonly status?: 200 | 201 }): MethodDecorator {
  return applyDecorators(
    Post(path),
    HttpCode(status),
    ApiOperation({ summary }),
    ApiIdempotencyKey(),
    ApiResponse({ status, type: answer }),
    ApiBodyProblems(...problems, ...CHANGE),
    ApiChangeProblems(),
  );
}
