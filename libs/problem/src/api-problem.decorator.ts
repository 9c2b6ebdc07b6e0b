import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { PROBLEMS, type ProblemSlug } from './problem';

/** Lists the problems that a route may answer with in the OpenAPI document. */
export function ApiProblems(...slugs: ProblemSlug[]): MethodDecorator & ClassDecorator {
  const statuses = new Map<number, ProblemSlug[]>();
  for (const slug of slugs)
    statuses.set(PROBLEMS[slug][0], [...(statuses.get(PROBLEMS[slug][0]) ?? []), slug]);
  return applyDecorators(...[...statuses].map(([status, ofStatus]) => response(status, ofStatus)));
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
