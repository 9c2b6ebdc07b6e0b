import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from './database';
import { insert, select, update } from './statement';
import type { StatementRunner } from './statement-runner';

/** The key was used before for another request. */
export class IdempotencyKeyReused extends Error {
  override readonly name = 'IdempotencyKeyReused';
}

/** A request with the same key is being worked on right now. */
export class IdempotencyInProgress extends Error {
  override readonly name = 'IdempotencyInProgress';
}

interface Stored {
  fingerprint: string;
  answer: object;
}

/** How long a key is remembered. Written without quotes: the text on a span has none, so a value would stand out. */
const REMEMBERED = 'make_interval(hours => 24)';

// The lock distinguishes "being worked on" from "done": without it, a second request would wait for the first one's
// commit. Each new key removes ten expired ones, so that the table keeps its size without a job of its own.
const CLAIM = insert<{ key: string }, [operation: string, key: string, fingerprint: string]>(
  'idempotency_keys',
  `WITH forgotten AS (
     DELETE FROM idempotency_keys WHERE (operation, key) IN (
       SELECT operation, key FROM idempotency_keys WHERE created_at < now() - ${REMEMBERED}
         AND (operation, key) <> ($1, $2) LIMIT 10 FOR UPDATE SKIP LOCKED))
   INSERT INTO idempotency_keys (operation, key, fingerprint)
   SELECT $1, $2, $3 WHERE pg_try_advisory_xact_lock(hashtextextended($2::text, hashtext($1::text)))
   ON CONFLICT (operation, key) DO UPDATE SET fingerprint = $3, answer = NULL, created_at = now()
     WHERE idempotency_keys.created_at < now() - ${REMEMBERED}
   RETURNING key`,
);

const FIND = select<Stored, [operation: string, key: string]>(
  'idempotency_keys',
  'SELECT fingerprint, answer FROM idempotency_keys WHERE operation = $1 AND key = $2',
);

const STORE = update<{ key: string }, [operation: string, key: string, answer: string]>(
  'idempotency_keys',
  'UPDATE idempotency_keys SET answer = $3 WHERE operation = $1 AND key = $2 RETURNING key',
);

/**
 * Makes a change happen once per `Idempotency-Key`, however often the request arrives. The answer is stored in the
 * transaction of the change itself; a failed change stores nothing, so that the key can be used again.
 */
@Injectable()
export class Idempotency {
  constructor(private readonly database: Database) {}

  /**
   * Runs `work` once for the key, or returns the first answer again. Without a key, it simply runs `work`.
   * @param request what must be equal for the key to mean the same
   * @throws IdempotencyKeyReused, IdempotencyInProgress
   */
  async once<Answer extends object>(
    operation: string,
    key: string | undefined,
    request: object,
    work: (runner: StatementRunner) => Promise<Answer>,
  ): Promise<Answer> {
    if (key === undefined) return work(this.database);
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex');
    return this.database.transaction(async (transaction) => {
      const claimed = await transaction.first(CLAIM, operation, key, fingerprint);
      if (!claimed) return this.replay<Answer>(transaction, operation, key, fingerprint);
      const answer = await work(transaction);
      await transaction.first(STORE, operation, key, JSON.stringify(answer));
      return answer;
    });
  }

  private async replay<Answer extends object>(
    transaction: StatementRunner,
    operation: string,
    key: string,
    fingerprint: string,
  ): Promise<Answer> {
    const stored = await transaction.first(FIND, operation, key);
    if (!stored) throw new IdempotencyInProgress('a request with this key is being worked on');
    if (stored.fingerprint !== fingerprint)
      throw new IdempotencyKeyReused('this key belongs to another request');
    return stored.answer as Answer;
  }
}
