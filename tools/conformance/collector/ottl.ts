import type { AttributeValue, DecodedSpan } from '@app/otlp';

/** Sets something on a span if a condition holds. */
export type Statement = (span: DecodedSpan) => void;
export type Condition = (span: DecodedSpan) => boolean;

/** A part of the Collector's transformation language that is not supported here. */
class NotRead extends Error {
  override readonly name = 'NotRead';
}

const ATTRIBUTE = /^(?:span\.)?(resource\.)?attributes\["([^"]+)"\]$/;

/**
 * One statement of a transform processor: `set`, `delete_key` and `keep_keys` of attributes.
 * @throws NotRead
 */
export function statement(text: string): Statement {
  const [, call = '', condition] = /^([\s\S]*?\))(?:\s+where\s+([\s\S]+))?$/.exec(text.trim()) ?? [];
  const holds = condition ? parseCondition(condition) : () => true;
  const change = parseChange(call);
  return (span) => {
    if (holds(span)) change(span);
  };
}

/**
 * A condition: comparisons with `==` and `!=`, joined by `and` and `or`.
 * @throws NotRead
 */
export function parseCondition(text: string): Condition {
  const any = text.split(/\s+or\s+/).map((part) => part.split(/\s+and\s+/).map(comparison));
  return (span) => any.some((all) => all.every((holds) => holds(span)));
}

function comparison(text: string): Condition {
  const [, left, operator, right] = /^\s*(\S+)\s*(==|!=)\s*(.+?)\s*$/.exec(text) ?? [];
  if (!left || !right) throw new NotRead(`the condition ${text}`);
  const [one, other] = [value(left), value(right)];
  return (span) => (one(span) === other(span)) === (operator === '==');
}

function parseChange(call: string): Statement {
  const [, name, inside = ''] = /^(\w+)\(([\s\S]*)\)$/.exec(call.trim()) ?? [];
  if (name === 'set') {
    const [, target = '', from = ''] = /^([^,]+),(.+)$/s.exec(inside) ?? [];
    const [, ofResource, key] = ATTRIBUTE.exec(target.trim()) ?? [];
    const read = value(from);
    if (!key) throw new NotRead(`the statement ${call}`);
    return (span) => {
      const set = read(span);
      if (set !== undefined) (ofResource ? span.resource : span.attributes)[key] = set;
    };
  }
  const keys = [...inside.matchAll(/"([^"]+)"/g)].map(([, key = '']) => key);
  const target = inside.trim().startsWith('resource.') ? 'resource' : 'attributes';
  if (name === 'delete_key' || name === 'keep_keys') {
    return ({ [target]: all }) => {
      for (const key of Object.keys(all)) if (keys.includes(key) === (name === 'delete_key')) delete all[key];
    };
  }
  throw new NotRead(`the statement ${call}`);
}

/** The value of a path or a literal for a span; undefined is the language's nil. */
function value(text: string): (span: DecodedSpan) => AttributeValue | undefined {
  const path = text.trim();
  const [, ofResource, key] = ATTRIBUTE.exec(path) ?? [];
  if (key) return (span) => (ofResource ? span.resource : span.attributes)[key];
  if (path === 'nil') return () => undefined;
  if (/^(span\.)?kind$/.test(path)) return ({ kind }) => kind;
  if (/^(span\.)?name$/.test(path)) return ({ name }) => name;
  const [, kind] = /^SPAN_KIND_(\w+)$/.exec(path) ?? [];
  if (kind) return () => kind;
  if (/^"[^"]*"$/.test(path)) return () => path.slice(1, -1);
  if (/^\d+$/.test(path)) return () => Number(path);
  throw new NotRead(path);
}
