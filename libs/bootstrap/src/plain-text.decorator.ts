import { registerDecorator } from 'class-validator';

/** Text that PostgreSQL stores as it is: not blank, no control characters, no half of a surrogate pair. */
export function IsPlainText(): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isPlainText',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: isPlainText,
        defaultMessage: () => '$property must be text without control characters, and not blank',
      },
    });
}

function isPlainText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.isWellFormed() && !/\p{Cc}/u.test(value);
}
