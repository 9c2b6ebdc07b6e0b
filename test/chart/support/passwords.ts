const KEYS = /^( +(?:[a-z]+-)?password: ).+$/gm;

/** A rendering with the passwords, which are others each time, left out. */
export function withoutPasswords(text: string): string {
  return text.replace(KEYS, '$1(generated)');
}
