import { Problem } from '@app/problem';
import express, { type NextFunction, type Request, type Response } from 'express';

/** Bytes a request's body may have. */
const BODY_LIMIT = 16 * 1_024;

// Whatever the content type says: `curl -d` declares a form, and what it sends is JSON all the same.
const parse = express.json({ limit: BODY_LIMIT, type: () => true });

/** Express middleware: the body as a JSON object, undefined if there is none, a problem if it is anything else. */
export function jsonBody(request: Request, response: Response, next: NextFunction): void {
  parse(request, response, (error?: unknown) => {
    if (error) return next(bodyProblem(error as { type?: string }));
    next(
      Array.isArray(request.body) ? new Problem('malformed-json', 'The body is a JSON array.') : undefined,
    );
  });
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
