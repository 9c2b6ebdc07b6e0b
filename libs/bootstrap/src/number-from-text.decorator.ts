import { Transform } from 'class-transformer';

/** A number as JSON writes it. */
const NUMBER = /^-?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,3})?$/;

/**
 * For parameters in a path or query, which arrive as text: text that JSON would accept as a number becomes that number.
 * Any other text stays as it is, so that the check on the property names it.
 */
export function NumberFromText(): PropertyDecorator {
  return Transform(({ value }) => (typeof value === 'string' && NUMBER.test(value) ? Number(value) : value));
}
