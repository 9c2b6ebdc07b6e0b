import { type FieldError, Problem } from '@app/problem';
import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

/** Every body, query and path is checked against its DTO class; what the class does not declare is refused. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => Problem.ofFields(errors.flatMap(fieldErrors)),
  });
}

function fieldErrors({ property, constraints = {} }: ValidationError): FieldError[] {
  return Object.values(constraints).map((detail) => ({ field: property, detail }));
}
