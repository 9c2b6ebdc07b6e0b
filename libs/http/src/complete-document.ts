import type { OpenAPIObject } from '@nestjs/swagger';

/** What is known only where the service runs. */
export interface Surroundings {
  /** Whether a token is required. */
  readonly secured: boolean;
  /** Connections that all services together may hold; undefined until PostgreSQL has reported it. */
  readonly budget?: number;
}

interface Schema {
  type?: string;
  properties?: Record<string, Schema & { maximum?: number }>;
  additionalProperties?: unknown;
}

type Responses = Record<string, { headers?: object; content?: Record<string, unknown> }>;

interface Operation {
  security?: object[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Responses;
}

/** Headers of an answer with this status, if it is a problem. */
const HEADERS: Record<string, Record<string, object>> = {
  401: { 'WWW-Authenticate': { description: 'How to log in', schema: { type: 'string' } } },
  503: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer', minimum: 1 } } },
};

/** Adds what no decorator knows: what is refused, the headers of an answer, and what applies in this process. */
export function completeDocument(document: OpenAPIObject, { secured, budget }: Surroundings): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  for (const schema of Object.values(schemas))
    if (schema.properties && schema.additionalProperties === undefined) schema.additionalProperties = false;
  for (const operations of Object.values(document.paths))
    for (const operation of Object.values(operations) as Operation[]) {
      const { connections } = operation.requestBody?.content['application/json']?.schema.properties ?? {};
      if (connections && budget) connections.maximum = budget;
      if (!secured) delete operation.security;
      addHeaders(operation.responses);
    }
  if (!secured) delete document.components?.securitySchemes;
  return document;
}

function addHeaders(responses: Responses): void {
  for (const [status, response] of Object.entries(responses))
    if (HEADERS[status] && response.content?.['application/problem+json']) response.headers = HEADERS[status];
}
