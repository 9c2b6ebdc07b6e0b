import { Caller, forCaller } from '@app/database';
import type { NextFunction, Request, Response } from 'express';

/** Express middleware: when the caller hangs up before its answer, the statements made for it end. */
export function stopWhenCallerIsGone(_request: Request, response: Response, next: NextFunction): void {
  const caller = new Caller();
  response.on('close', () => {
    if (!response.writableFinished) caller.leave();
  });
  forCaller(caller, next);
}
