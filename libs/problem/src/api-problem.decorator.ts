import { CAUSES, type DatabaseProblem } from '@app/database';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { PROBLEMS, type ProblemSlug } from './problem';

const BY_THE_DATABASE = [...new Set(Object.values(CAUSES).flatMap(({ problem }) => problem ?? []))];
/** Problems with a remedy at the database or in time; those below 500 are each route's own. */
const OF_ANY_STATEMENT = BY_THE_DATABASE.filter(
  (slug) => PROBLEMS[slug][0] >= 500 && slug !== 'internal-error',
);
/** What a request with a body may be refused for before a route sees it. */
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

/** The same, with what any route may answer with that a request comes to with a body, read or not. */
export function ApiBodyProblems(...slugs: ProblemSlug[]): MethodDecorator & ClassDecorator {
  return ApiProblems('invalid-request', ...OF_ANY_BODY, ...slugs);
}

/** Lists what the table of causes has for a route that reads: the database may fail under any statement. */
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
  // Such as `available` of an order that is too large.
  additionalProperties: true,
};
