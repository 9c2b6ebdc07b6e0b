import { type FieldError, Problem } from '@app/problem';
import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

/** Names that every object has anyway: class-transformer leaves them out, so that no check would see them. */
const INHERITED = ['__proto__', 'constructor', 'prototype'];

/** Every body, query and path is checked against its DTO class; what the class does not declare is refused. */
export class StrictValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => Problem.ofFields(errors.flatMap(fieldErrors)),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // Who made the value checked it.
    if (metadata.type === 'custom') return value;
    const field = INHERITED.find(
      (name) => typeof value === 'object' && value !== null && Object.hasOwn(value, name),
    );
    if (field) throw Problem.ofFields([{ field, detail: `property ${field} should not exist` }]);
    return super.transform(value, metadata);
  }
}

function fieldErrors({ property, constraints = {} }: ValidationError): FieldError[] {
  return Object.values(constraints).map((detail) => ({ field: property, detail }));
}
