import { Problem } from '@app/problem';
import express, { type RequestHandler } from 'express';
import { tooDeep } from './depth';

/** How deeply objects and arrays of a body may be nested: four times as deep as any route needs. */
const DEEPEST = 8;

/**
 * Express middleware: the body as a JSON object, undefined if there is none, a problem if it is anything else. The
 * content type does not matter: `curl -d` declares a form, and still sends JSON.
 *
 * @param limit bytes that a body may have
 */
export function jsonBody(limit: number): RequestHandler {
  const parse = express.json({ limit, type: () => true });
  return (request, response, next) => {
    parse(request, response, (error?: { type?: string }) => {
      // A client that hung up or was cut in the middle of a body reads no answer, and making one doubles the cost of a cut.
      if (error?.type === 'request.aborted') return;
      next(error ? bodyProblem(error, limit) : contentProblem(request.body));
    });
  };
}

/** Checked here, before anything recurses into a value: a few kilobytes can be thousands of levels. */
function contentProblem(body: unknown): Problem | undefined {
  if (Array.isArray(body)) return new Problem('malformed-json', 'The body is a JSON array.');
  const field = tooDeep(body, DEEPEST);
  if (field === undefined) return undefined;
  const detail = `${field} must not be nested deeper than ${DEEPEST} levels`;
  return Problem.ofFields([{ field, detail }]);
}

function bodyProblem({ type }: { type?: string }, limit: number): Problem {
  switch (type) {
    case 'entity.too.large':
      return new Problem('body-too-large', `The body may have at most ${limit} bytes.`);
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new Problem('unsupported-encoding', 'Send the body in UTF-8, plain or gzip.');
    default:
      return new Problem('malformed-json', 'The body cannot be read as a JSON object.');
  }
}
