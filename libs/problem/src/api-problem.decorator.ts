import { CAUSES, type DatabaseProblem } from '@app/database';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { PROBLEMS, type ProblemSlug } from './problem';

const BY_THE_DATABASE = [...new Set(Object.values(CAUSES).flatMap(({ problem }) => problem ?? []))];
/** Problems that are solved at the database or by waiting; each route lists its own below 500. */
const OF_ANY_STATEMENT = BY_THE_DATABASE.filter(
  (slug) => PROBLEMS[slug][0] >= 500 && slug !== 'internal-error',
);
/** Reasons to refuse a request with a body before a route sees it. */
const OF_ANY_BODY: readonly ProblemSlug[] = [
  'malformed-json',
  'forbidden',
  'body-too-large',
  'unsupported-encoding',
];
const OF_CHANGES_ONLY: readonly DatabaseProblem[] = ['outcome-unknown'];

/** Lists the problems that a route may answer with in the OpenAPI document. */
export function ApiProblems(...slugs: ProblemSlug[]): MethodDecorator & ClassDecorator {
  const statuses = new Map<number, ProblemSlug[]>();
  for (const slug of slugs)
    statuses.set(PROBLEMS[slug][0], [...(statuses.get(PROBLEMS[slug][0]) ?? []), slug]);
  return applyDecorators(...[...statuses].map(([status, ofStatus]) => response(status, ofStatus)));
}

/** The same, with the problems of any route that receives a body, whether it reads the body or not. */
export function ApiBodyProblems(...slugs: ProblemSlug[]): MethodDecorator & ClassDecorator {
  return ApiProblems('invalid-request', ...OF_ANY_BODY, ...slugs);
}

/** Lists the problems of the table of causes for a route that reads: the database may fail under any statement. */
export function ApiReadProblems(): MethodDecorator & ClassDecorator {
  return ApiProblems(...OF_ANY_STATEMENT.filter((slug) => !OF_CHANGES_ONLY.includes(slug)));
}

/** The same for a route that makes a change, whose outcome may be unknown. */
export function ApiChangeProblems(): MethodDecorator & ClassDecorator {
  return ApiProblems(...OF_ANY_STATEMENT);
}

function response(status: number, slugs: ProblemSlug[]) {
  const examples = Object.fromEntries(slugs.map((slug) => [slug, { value: example(slug) }]));
  return ApiResponse({
    status,
    description: slugs.map((slug) => PROBLEMS[slug][1]).join('; '),
    content: { 'application/problem+json': { schema: PROBLEM_SCHEMA, examples } },
  });
}

function example(slug: ProblemSlug) {
  const [status, title] = PROBLEMS[slug];
  return { type: `urn:problem-type:${slug}`, title, status, detail: `${title}.` };
}

const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    trace_id: { type: 'string', description: 'The trace of this request, where it is traced' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'detail'],
        properties: { field: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
  // Such as `available` for an order that is too large.
  additionalProperties: true,
};
