import dns, { type LookupAddress } from 'node:dns';
import { Logger } from '@nestjs/common';

/** Milliseconds for which an answer is used without asking again. */
const FRESH_MS = 5_000;
/** Milliseconds for which an earlier answer is used while a new one is on its way, or fails. */
const USABLE_MS = 60_000;
/** Milliseconds after which an answer is late. */
const LATE_MS = 250;

interface Known {
  addresses: LookupAddress[];
  at: number;
}

/**
 * Resolves the names of servers for all connections of this process, one look-up at a time for each name, because each
 * one blocks a thread that files need too. If the name service is slow or fails for a moment, nobody who has connected
 * before has to wait.
 */
export class NameLookup {
  private readonly known = new Map<string, Known>();
  private readonly underWay = new Map<string, Promise<LookupAddress[]>>();
  private readonly logger = new Logger(NameLookup.name);
  private trouble = false;

  /** Whether a look-up is under way. */
  get waiting(): boolean {
    return this.underWay.size > 0;
  }

  /** @throws the system's error: ENOTFOUND, EAI_AGAIN; its `syscall` is `getaddrinfo` */
  resolve(name: string): Promise<LookupAddress[]> {
    const known = this.known.get(name);
    const age = known ? performance.now() - known.at : Number.POSITIVE_INFINITY;
    if (known && age < FRESH_MS) return Promise.resolve(known.addresses);
    const answer = this.ask(name);
    if (!known || age >= USABLE_MS) return answer;
    answer.catch(() => undefined);
    return Promise.resolve(known.addresses);
  }

  /** To be called when the addresses led nowhere: the next attempt asks again and waits for the answer. */
  forget(name: string): void {
    this.known.delete(name);
  }

  private ask(name: string): Promise<LookupAddress[]> {
    let answer = this.underWay.get(name);
    if (!answer) {
      answer = this.watched(name, lookUp(name)).finally(() => this.underWay.delete(name));
      this.underWay.set(name, answer);
    }
    return answer;
  }

  private async watched(name: string, answer: Promise<LookupAddress[]>): Promise<LookupAddress[]> {
    const asked = performance.now();
    const late = setTimeout(() => this.warn(`the look-up of ${name} takes more than ${LATE_MS} ms`), LATE_MS);
    try {
      const addresses = await answer;
      this.known.set(name, { addresses, at: performance.now() });
      if (performance.now() - asked < LATE_MS) this.trouble = false;
      return addresses;
    } catch (error) {
      this.warn(`the look-up of ${name} failed: ${(error as NodeJS.ErrnoException).code}`);
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  /** Logs one line for each period in which names are slow or missing. */
  private warn(line: string): void {
    if (!this.trouble) this.logger.warn(line);
    this.trouble = true;
  }
}

function lookUp(name: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    dns.lookup(name, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
}
