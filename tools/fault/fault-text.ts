import type { Answer, FaultDescription, FaultSetting, FaultState } from '@app/service-client';

/** A fault for people: what it does, and its settings. */
export function described(fault: FaultDescription): string {
  const { name, title, summary, acts_on, available, unavailable_because, settings } = fault;
  const whose = acts_on === 'database' ? 'one service at a time holds it' : 'each service has its own';
  return [
    `${name}  (${title}; ${whose})`,
    `  ${summary}.`,
    ...(available ? [] : [`  NOT AVAILABLE: ${unavailable_because}`]),
    ...Object.entries(settings.properties).map(([setting, schema]) => `  ${settingLine(setting, schema)}`),
  ].join('\n');
}

/** A fault that is on. */
export function stateLine(service: string, { fault, detail, expires_in_seconds }: FaultState): string {
  return `${service}: ${fault}: ${detail}; ends in ${expires_in_seconds} s`;
}

/** A service's answer to a change. */
export function answerLine(service: string, { status, body }: Answer): string {
  if (status !== 200) return `${service}: ${body.detail ?? `status ${status}`}`;
  if (!Array.isArray(body.stopped)) return `${service}: ${body.fault}: ${body.detail}`;
  return `${service}: ${body.stopped.length > 0 ? `stopped ${body.stopped.join(', ')}` : 'no fault was on'}`;
}

function settingLine(name: string, schema: FaultSetting): string {
  const { description, minimum, maximum, enum: words, default: usual } = schema;
  const range = words ? words.join(' or ') : `${minimum} to ${maximum}`;
  return `${`${name}=${usual ?? ''}`.padEnd(24)} ${description} (${range})`;
}
