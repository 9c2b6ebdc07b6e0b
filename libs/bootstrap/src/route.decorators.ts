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

/** Problems that every route that takes a body and changes data may answer with. */
const CHANGE: ProblemSlug[] = ['conflict', 'request-in-progress', 'idempotency-key-reused'];

/** What is stated once about a route, for the router and for the OpenAPI document. */
interface Route {
  /** Relative to the controller's own path; may be left out. */
  readonly path?: string;
  /** One sentence, for /docs. */
  readonly summary: string;
  readonly answer: Type;
  /** Problems that it may answer with, besides those of every route of its kind. */
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

/** A route that changes data, once for each Idempotency-Key, and answers 200, or 201 if it created something. */
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
