import {
  ConnectionFailure,
  type FailureKind,
  failureKind,
  IdempotencyInProgress,
  IdempotencyKeyReused,
} from '@app/database';
import { currentSpan } from '@app/telemetry';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { PROBLEMS, Problem, type ProblemSlug } from './problem';

/** What each kind of database failure is over HTTP. */
const DATABASE_PROBLEMS: Record<FailureKind, () => Problem> = {
  unavailable: () =>
    unavailable('The database cannot be reached or is not ready; the request may be sent again.'),
  timeout: () => new Problem('statement-timeout', 'The database gave the statement up.'),
  conflict: () =>
    new Problem('conflict', 'Another change was faster; the request may be sent again.', { retryable: true }),
  missing_reference: () => new Problem('not-found', 'Something the request refers to does not exist.'),
  rule_violated: () => new Problem('rule-violated', 'The change would break a rule of the data.'),
  invalid_value: () => new Problem('invalid-request', 'A value of the request cannot be stored.'),
  unexpected: () => new Problem('internal-error', 'The database refused a statement of this service.'),
};

/** The one place where an error becomes an answer: always a problem document, never SQL, a host name or a stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent || response.destroyed) return;
    const problem = toProblem(error);
    if (problem.slug === 'internal-error') this.logger.error(error);
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
  if (error instanceof ConnectionFailure) return ofConnectionFailure(error);
  const kind = failureKind(error);
  if (kind) return DATABASE_PROBLEMS[kind]();
  return new Problem('internal-error', 'The error is in the log of the service.');
}

function ofConnectionFailure(failure: ConnectionFailure): Problem {
  const waited_ms = Math.round(failure.waitedMs);
  const detail =
    failure.reason === 'unreachable'
      ? 'The database cannot be reached; the request may be sent again.'
      : `All connections are taken: this request got none after ${waited_ms} ms.`;
  return unavailable(detail, failure.retryAfterSeconds, { reason: failure.reason, waited_ms });
}

function unavailable(detail: string, retryAfterSeconds = 1, members = {}): Problem {
  return new Problem('database-unavailable', detail, members, { 'Retry-After': String(retryAfterSeconds) });
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
