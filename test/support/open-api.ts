import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** A schema of an OpenAPI 3.0 document, with the parts that our documents use. */
export interface Schema {
  $ref?: string;
  allOf?: Schema[];
  type?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  pattern?: string;
  example?: unknown;
  default?: unknown;
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: Schema;
}

type Content = Record<string, { schema?: Schema; examples?: Record<string, { value: { type: string } }> }>;

/** One operation of a document. */
export interface Operation {
  /** Such as `GET /products/{id}`. */
  route: string;
  method: string;
  path: string;
  summary?: string;
  parameters: Parameter[];
  /** The schema of its body, if it takes one. */
  body?: Schema;
  responses: Record<string, { description: string; content?: Content; headers?: object }>;
  /** Whether a token can be sent. */
  secured: boolean;
}

/** The OpenAPI document of a service. */
export class OpenApi {
  readonly operations: Operation[];
  private readonly schemas: Record<string, Schema>;
  // Strict, because an unknown keyword would be a promise that nothing checks.
  private readonly ajv = new Ajv({ strict: true, allErrors: true }).addVocabulary(['example']);
  private readonly validators = new Map<Schema, ValidateFunction>();

  constructor({ paths, components }: Record<string, any>) {
    this.schemas = components.schemas;
    addFormats(this.ajv);
    for (const [name, schema] of Object.entries(this.schemas)) this.ajv.addSchema(closed(schema), name);
    this.operations = Object.entries<Record<string, any>>(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([verb, { summary, parameters, requestBody, responses, security }]) => {
        const method = verb.toUpperCase();
        const body = requestBody && this.resolved(requestBody.content['application/json'].schema);
        const secured = security !== undefined;
        return { route: `${method} ${path}`, method, path, summary, parameters, body, responses, secured };
      }),
    );
  }

  /** The schema itself if it is a reference to one. */
  resolved(schema: Schema = {}): Schema {
    return this.schemas[nameOf(schema.$ref) ?? ''] ?? schema;
  }

  /** How an answer differs from the document; undefined if it does not. */
  deviation(operation: Operation, status: number, contentType: string, text: string): string | undefined {
    const response = operation.responses[status];
    if (!response) return `the status ${status} is not documented`;
    const type = contentType.split(';')[0] ?? '';
    const content = response.content?.[type];
    if (!content?.schema) return `${status} with ${type || 'no type'} is not documented`;
    if (!type.endsWith('json')) return undefined;
    const body: unknown = JSON.parse(text);
    const validate = this.validator(content.schema);
    if (!validate(body)) return `${status}: ${this.ajv.errorsText(validate.errors)}`;
    const slug = String((body as { type?: string }).type).replace('urn:problem-type:', '');
    if (content.examples && !(slug in content.examples)) return `${status}: ${slug} is not documented`;
    return undefined;
  }

  private validator(schema: Schema): ValidateFunction {
    const known = this.validators.get(schema) ?? this.ajv.compile(closed(schema));
    this.validators.set(schema, known);
    return known;
  }
}

/** The same schema, but what it does not declare is not allowed; OpenAPI would accept everything else. */
function closed(schema: Schema): Schema {
  if (schema.$ref) return { $ref: nameOf(schema.$ref) };
  const { properties, items, additionalProperties = properties ? false : undefined } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, closed(one)])),
    }),
    ...(items && { items: closed(items) }),
    // This is how a reference with a description of its own is written.
    ...(schema.allOf && { allOf: schema.allOf.map(closed) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object' ? closed(additionalProperties) : additionalProperties,
    }),
  };
}

function nameOf(reference: string | undefined): string | undefined {
  return reference?.replace('#/components/schemas/', '');
}
