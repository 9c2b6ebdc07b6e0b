import {
  CAUSES,
  type CauseName,
  causeName,
  IdempotencyInProgress,
  IdempotencyKeyReused,
} from '@app/database';
import { currentSpan } from '@app/telemetry';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { PROBLEMS, Problem, type ProblemSlug } from './problem';

/** Receives each request that failed because of the database. */
export interface RequestFailures {
  ofRequest(error: unknown): void;
}

/** The only code that turns an error into an answer: always a problem document, never SQL, a host name or a stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  /** @param failures receives each failure of the database; undefined in a process without one */
  constructor(private readonly failures?: RequestFailures) {}

  catch(error: unknown, host: ArgumentsHost): void {
    this.failures?.ofRequest(error);
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent || response.destroyed) return;
    const problem = toProblem(error);
    // Errors of the database are already in the log, without PostgreSQL's messages, which quote values.
    if (problem.slug === 'internal-error' && !causeName(error)) this.logger.error(error);
    response
      .status(problem.getStatus())
      .set(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify(problem.document(currentSpan()?.traceId)));
  }
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) return ofHttpException(error);
  if (error instanceof IdempotencyKeyReused) return new Problem('idempotency-key-reused', error.message);
  if (error instanceof IdempotencyInProgress)
    return new Problem('request-in-progress', error.message, {}, { 'Retry-After': '1' });
  const cause = causeName(error);
  if (cause) return ofCause(cause, error);
  return new Problem('internal-error', 'The error is in the log of the service.');
}

/** The problem that the table of causes has for it. */
function ofCause(cause: CauseName, error: unknown): Problem {
  const { problem = 'internal-error', detail, retryAfterSeconds } = CAUSES[cause];
  const waitedMs = (error as { waitedMs?: unknown }).waitedMs;
  const waited_ms = typeof waitedMs === 'number' ? Math.round(waitedMs) : undefined;
  const members = {
    ...(PROBLEMS[problem][0] >= 500 && { reason: cause }),
    ...(waited_ms !== undefined && { waited_ms }),
    ...(problem === 'conflict' && { retryable: true }),
  };
  const waited = cause === 'pool_timeout' ? `: this request got none after ${waited_ms} ms` : '';
  const again = retryAfterSeconds ? '; the request may be sent again' : '';
  const headers = retryAfterSeconds ? { 'Retry-After': String(retryAfterSeconds) } : undefined;
  return new Problem(problem, `${detail}${waited}${again}.`, members, headers);
}

/** Nest's own exceptions: unknown routes, Terminus, and whatever a library throws. */
function ofHttpException(error: HttpException): Problem {
  const body = error.getResponse();
  if (error.getStatus() === 503 && typeof body === 'object' && 'details' in body) {
    return new Problem('not-ready', 'At least one check failed.', { checks: body.details });
  }
  const slugs = Object.keys(PROBLEMS) as ProblemSlug[];
  const slug = slugs.find((candidate) => PROBLEMS[candidate][0] === error.getStatus());
  return new Problem(slug ?? (error.getStatus() < 500 ? 'invalid-request' : 'internal-error'), error.message);
}
