import { registerDecorator } from 'class-validator';

/**
 * Text that PostgreSQL stores as it is: not blank, no control characters, no half of a surrogate pair, and at most
 * `maxCharacters` as PostgreSQL counts them. (class-validator's own length leaves out variation selectors.)
 */
export function IsPlainText(maxCharacters: number): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isPlainText',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value) => isPlainText(value) && [...value].length <= maxCharacters,
        defaultMessage: () =>
          `$property must be text of 1 to ${maxCharacters} characters, not blank, without control characters`,
      },
    });
}

function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.isWellFormed() && !/\p{Cc}/u.test(value);
}
