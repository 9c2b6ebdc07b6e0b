import { Controller, Get } from '@nestjs/common';
import { ConformanceWatch, type ServiceConformance } from './conformance-watch';

@Controller('api/conformance')
export class ConformanceController {
  constructor(private readonly watch: ConformanceWatch) {}

  /** What each backend makes of what each service sends here, rule by rule where one is broken. */
  @Get()
  services(): ServiceConformance[] {
    return this.watch.services();
  }
}
