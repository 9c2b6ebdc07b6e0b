import { Caller, forCaller } from '@app/database';
import type { NextFunction, Request, Response } from 'express';

/** Express middleware that ends the statements made for a caller when it disconnects before its answer. */
export function stopWhenCallerIsGone(_request: Request, response: Response, next: NextFunction): void {
  const caller = new Caller();
  response.on('close', () => {
    if (!response.writableFinished) caller.leave();
  });
  forCaller(caller, next);
}
