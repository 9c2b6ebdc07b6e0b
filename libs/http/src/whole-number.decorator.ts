import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Expose, Transform } from 'class-transformer';
import { registerDecorator } from 'class-validator';

interface WholeNumberOptions {
  /** The value if none was sent; without a default, one must be sent. */
  readonly default?: number;
  /** For the OpenAPI document. */
  readonly example?: number;
}

/**
 * A whole number of a request, with its bounds and its default stated once, for the check and for the OpenAPI document.
 * The check reports everything that is wrong in one sentence. `WholeNumber(1, 100, { default: 50 })` is a `limit` that
 * need not be sent.
 */
export function WholeNumber(
  minimum: number,
  maximum: number,
  { default: usual, example }: WholeNumberOptions = {},
): PropertyDecorator {
  const required = usual === undefined;
  const schema = {
    type: 'integer',
    minimum,
    maximum,
    required,
    ...(required ? { example } : { default: usual }),
  } as const;
  const whenMissing = [Expose(), Transform(({ value }) => (value === undefined ? usual : value))];
  return applyDecorators(
    ApiProperty(schema),
    isWholeNumber(minimum, maximum),
    ...(required ? [] : whenMissing),
  );
}

function isWholeNumber(minimum: number, maximum: number): PropertyDecorator {
  const validate = (value: unknown) =>
    Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
  const defaultMessage = () => `$property must be a whole number from ${minimum} to ${maximum}`;
  return (target, property) =>
    registerDecorator({
      name: 'isWholeNumber',
      target: target.constructor,
      propertyName: String(property),
      validator: { validate, defaultMessage },
    });
}
