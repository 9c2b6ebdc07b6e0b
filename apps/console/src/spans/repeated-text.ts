import type { DecodedSpan } from '@app/otlp';

/** Different texts remembered at most; after that, it starts with none. */
const MOST_TEXTS = 2_000;
/** Longer texts are hardly ever repeated, except statements. */
const LONGEST = 4_000;

/**
 * Lets spans share equal texts. Each payload brings its own copy of every statement and attribute name; otherwise the
 * same few texts would make up most of what is kept.
 */
export class RepeatedText {
  private readonly texts = new Map<string, string>();

  shared(span: DecodedSpan): DecodedSpan {
    const attributes: DecodedSpan['attributes'] = {};
    for (const [key, value] of Object.entries(span.attributes))
      attributes[this.one(key)] = typeof value === 'string' ? this.one(value) : value;
    const { name, service, scope } = span;
    // A resource can be as large as a payload, and nothing reads it later.
    const resource: DecodedSpan['resource'] = {};
    return {
      ...span,
      name: this.one(name),
      service: this.one(service),
      scope: this.one(scope),
      attributes,
      resource,
    };
  }

  private one(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined || text.length > LONGEST) return known ?? text;
    if (this.texts.size >= MOST_TEXTS) this.texts.clear();
    this.texts.set(text, text);
    return text;
  }
}
