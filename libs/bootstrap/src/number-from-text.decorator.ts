import { Transform } from 'class-transformer';

/**
 * For parameters in a path or query, which arrive as text: decimal text becomes the number it means. Any other text
 * stays as it is, so that the check on the property names it.
 */
export function NumberFromText(): PropertyDecorator {
  return Transform(({ value }) =>
    typeof value === 'string' && /^-?\d{1,15}(\.\d{1,6})?$/.test(value) ? Number(value) : value,
  );
}
