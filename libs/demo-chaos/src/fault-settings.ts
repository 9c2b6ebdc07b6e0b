import { applyDecorators, type Type } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min, ValidateIf } from 'class-validator';

/** JSON Schema of one setting. */
interface SettingSchema {
  type: 'integer' | 'string';
  description: string;
  minimum?: number;
  maximum?: number;
  enum?: readonly string[];
  default?: unknown;
  example?: unknown;
}

/** JSON Schema of all settings of a fault. */
export interface SettingsSchema {
  type: 'object';
  additionalProperties: false;
  properties: Record<string, SettingSchema>;
}

/** What the decorators below declare, by the prototype of the class in which they are used. */
const declared = new WeakMap<object, Map<string, SettingSchema>>();

/** A setting that is a whole number. Its initial value is the default; if there is none, the setting may be left out. */
export function WholeNumber(
  description: string,
  bounds: { minimum: number; maximum: number; example?: number },
): PropertyDecorator {
  const { minimum, maximum } = bounds;
  const given = ValidateIf((_, value) => value !== undefined);
  const checks = [IsInt(), Min(minimum), Max(maximum)];
  return setting({ type: 'integer', description, ...bounds }, given, ...checks);
}

/** A setting that is one of a few words. Its initial value is the default. */
export function OneOf(description: string, words: readonly string[]): PropertyDecorator {
  return setting({ type: 'string', description, enum: words }, IsIn(words));
}

/** The body of a request that starts a fault: the fault's own settings, and how long it lasts. */
export type StartRequest<Settings extends object = object> = Settings & { readonly ttl_seconds: number };

/** Each class of settings has one class of requests, because class-validator never forgets a class that was decorated. */
const requests = new WeakMap<Type<object>, Type<StartRequest>>();

/** The class of the requests that start a fault with these settings. */
export function startRequest<Settings extends object>(
  settings: Type<Settings>,
): Type<StartRequest<Settings>> {
  const known = requests.get(settings) ?? withDuration(settings);
  requests.set(settings, known);
  return known as Type<StartRequest<Settings>>;
}

function withDuration(settings: Type<object>): Type<StartRequest> {
  class WithDuration extends settings {
    @WholeNumber('Seconds after which the fault ends by itself', { minimum: 1, maximum: 3_600 })
    readonly ttl_seconds: number = 900;
  }
  return WithDuration;
}

/** The settings of a class as JSON Schema: bounds from the decorators, defaults from the initial values. */
export function settingsSchema(settings: Type<object>): SettingsSchema {
  const defaults: Record<string, unknown> = { ...new settings() };
  const properties = [...all(settings.prototype)].map(([name, schema]): [string, SettingSchema] => [
    name,
    { ...schema, ...(defaults[name] !== undefined && { default: defaults[name] }) },
  ]);
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
}

/** The fault's own settings come first, because they are its subject. */
function all(prototype: object | null): Map<string, SettingSchema> {
  if (!prototype) return new Map();
  return new Map([...all(Object.getPrototypeOf(prototype)), ...(declared.get(prototype) ?? [])]);
}

function setting(schema: SettingSchema, ...checks: PropertyDecorator[]): PropertyDecorator {
  const remember: PropertyDecorator = (target, property) => {
    declared.set(target, (declared.get(target) ?? new Map()).set(String(property), schema));
  };
  return applyDecorators(
    ApiPropertyOptional(schema.enum ? { type: 'string', enum: [...schema.enum] } : { type: schema.type }),
    ...checks,
    remember,
  );
}
