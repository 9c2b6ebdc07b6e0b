import { Problem } from '@app/problem';
import express, { type NextFunction, type Request, type Response } from 'express';

/** Bytes a request's body may have. */
const BODY_LIMIT = 16 * 1_024;

// Whatever the content type says: `curl -d` declares a form, and what it sends is JSON all the same.
const parse = express.json({ limit: BODY_LIMIT, type: () => true });

/** Express middleware: the body as a JSON object, undefined if there is none, a problem if it is anything else. */
export function jsonBody(request: Request, response: Response, next: NextFunction): void {
  parse(request, response, (error?: { type?: string }) => {
    if (error?.type === 'request.aborted') return void leaveUnanswered(response);
    if (error) return next(bodyProblem(error));
    next(
      Array.isArray(request.body) ? new Problem('malformed-json', 'The body is a JSON array.') : undefined,
    );
  });
}

// Whoever hung up or was cut in the middle of a body reads no answer, and making one doubles what a cut costs. The status
// is for the telemetry alone.
function leaveUnanswered(response: Response): void {
  response.status(400);
}

function bodyProblem({ type }: { type?: string }): Problem {
  switch (type) {
    case 'entity.too.large':
      return new Problem('body-too-large', `The body may have at most ${BODY_LIMIT} bytes.`);
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new Problem('unsupported-encoding', 'Send the body in UTF-8, plain or gzip.');
    default:
      return new Problem('malformed-json', 'The body cannot be read as a JSON object.');
  }
}
