import { createHash, timingSafeEqual } from 'node:crypto';
import { Configuration } from '@app/configuration';
import { Problem } from '@app/problem';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';

/** Decides who may change faults: anybody, or only a caller that has the token, or nobody if faults are switched off. */
@Injectable()
export class ChaosGuard implements CanActivate {
  constructor(private readonly configuration: Configuration) {}

  canActivate(context: ExecutionContext): boolean {
    if (!this.configuration.CHAOS_ENABLED) {
      throw new Problem('chaos-disabled', 'CHAOS_ENABLED is false for this service.');
    }
    const { CHAOS_TOKEN } = this.configuration;
    if (CHAOS_TOKEN)
      requireToken(CHAOS_TOKEN, context.switchToHttp().getRequest<Request>().headers.authorization);
    return true;
  }
}

function requireToken(token: string, authorization: string | undefined): void {
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) {
    const challenge = { 'WWW-Authenticate': 'Bearer' };
    throw new Problem('unauthorized', 'Send the token as "Authorization: Bearer TOKEN".', {}, challenge);
  }
  // Digests all have the same length, so that the comparison takes the same time for every wrong token.
  if (!timingSafeEqual(digest(given), digest(token)))
    throw new Problem('forbidden', 'The token is not the right one.');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
