import { DATABASE_PROBLEMS } from '@app/database';
import { HttpException } from '@nestjs/common';

/** Every problem, once: slug (the stable end of `type`), HTTP status and title. The database's own come from its table. */
export const PROBLEMS = {
  ...DATABASE_PROBLEMS,
  'malformed-json': [400, 'The body is not a JSON object'],
  unauthorized: [401, 'A token is needed'],
  forbidden: [403, 'This is not allowed'],
  'chaos-disabled': [403, 'Faults are switched off here'],
  'unknown-product': [404, 'There is no such product'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  'unknown-fault': [404, 'There is no such fault'],
  'out-of-stock': [409, 'Not enough in stock'],
  'fault-held-elsewhere': [409, 'Another service holds this fault'],
  'fault-not-available': [409, 'This deployment cannot have this fault'],
  'not-in-this-scene': [409, 'The scenario that is played does not allow this'],
  'request-in-progress': [409, 'The same request is being worked on'],
  'body-too-large': [413, 'The body is too large'],
  'unsupported-encoding': [415, 'The encoding of the body is not supported'],
  'idempotency-key-reused': [422, 'The Idempotency-Key belongs to another request'],
  'not-ready': [503, 'The service is not ready'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemSlug = keyof typeof PROBLEMS;

/** One bad field of a request. */
export interface FieldError {
  field: string;
  detail: string;
}

/** An answer that is a problem (RFC 9457). Throw it; the filter writes it. */
export class Problem extends HttpException {
  constructor(
    readonly slug: ProblemSlug,
    /** What happened this time, for a person; no SQL, host or stack. */
    readonly detail: string,
    /** Further members of the document. */
    readonly members: Record<string, unknown> = {},
    readonly headers: Record<string, string> = {},
  ) {
    super(detail, PROBLEMS[slug][0]);
  }

  /** A request with bad fields, each named. */
  static ofFields(errors: FieldError[]): Problem {
    return new Problem('invalid-request', errors.map((error) => error.detail).join('; '), { errors });
  }

  /** The document as it is sent. */
  document(traceId: string | undefined): Record<string, unknown> {
    const [status, title] = PROBLEMS[this.slug];
    const type = `urn:problem-type:${this.slug}`;
    return {
      type,
      title,
      status,
      detail: this.detail,
      ...this.members,
      ...(traceId && { trace_id: traceId }),
    };
  }
}
