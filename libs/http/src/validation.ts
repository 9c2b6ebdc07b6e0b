import { type FieldError, Problem } from '@app/problem';
import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

/**
 * Names that every object inherits, such as `toString`: class-transformer leaves them out, so that no check would see
 * them.
 */
const isInherited = (name: string) => name in Object.prototype || name === 'prototype';

/** Every body, query and path is checked against its DTO class; what the class does not declare is refused. */
export class StrictValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      // One sentence for each bad field: whatever else is wrong with it follows from the first.
      stopAtFirstError: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => Problem.ofFields(errors.flatMap(fieldErrors)),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // The decorator that made the value has checked it.
    if (metadata.type === 'custom') return value;
    const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    const field = names.find(isInherited);
    if (field) throw Problem.ofFields([{ field, detail: `property ${field} should not exist` }]);
    return super.transform(value, metadata);
  }
}

function fieldErrors({ property, constraints = {} }: ValidationError): FieldError[] {
  return Object.values(constraints).map((detail) => ({ field: property, detail }));
}
