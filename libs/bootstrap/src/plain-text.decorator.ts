import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { registerDecorator } from 'class-validator';

const CONTROL = String.raw`\u0000-\u001F\u007F-\u009F`;
/** The OpenAPI document's pattern; it cannot express half of a surrogate pair. */
const PATTERN = String.raw`^[^${CONTROL}]*[^\s${CONTROL}][^${CONTROL}]*$`;

interface PlainTextOptions {
  /** For the OpenAPI document. */
  readonly example: string;
  /** Whether it must be sent. */
  readonly required?: boolean;
}

/**
 * Text that PostgreSQL stores as it is: not blank, no control characters, no half of a surrogate pair, and at most
 * `maxCharacters` as PostgreSQL counts them. (class-validator's own length leaves out variation selectors.) It is
 * stated once, for the check and for the OpenAPI document.
 */
export function IsPlainText(
  maxCharacters: number,
  { example, required = true }: PlainTextOptions,
): PropertyDecorator {
  const schema = { type: 'string', minLength: 1, maxLength: maxCharacters, pattern: PATTERN } as const;
  return applyDecorators(ApiProperty({ ...schema, example, required }), isPlainText(maxCharacters));
}

function isPlainText(maxCharacters: number): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isPlainText',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value) => isPlain(value) && [...value].length <= maxCharacters,
        defaultMessage: () =>
          `$property must be text of 1 to ${maxCharacters} characters, not blank, without control characters`,
      },
    });
}

function isPlain(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.isWellFormed() && !/\p{Cc}/u.test(value);
}
