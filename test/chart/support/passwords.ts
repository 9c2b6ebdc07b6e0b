const KEYS = /^( +(?:[a-z]+-)?password: ).+$/gm;

/** A rendering without the passwords, which differ each time. */
export function withoutPasswords(text: string): string {
  return text.replace(KEYS, '$1(generated)');
}
