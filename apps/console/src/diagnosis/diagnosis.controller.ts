import type { Diagnosis } from '@app/diagnosis';
import { Controller, Get } from '@nestjs/common';
import { DatabaseWatch } from '../database-watch/database-watch';
import { DiagnosisWatch } from './diagnosis-watch';

@Controller('api/diagnosis')
export class DiagnosisController {
  constructor(
    private readonly watch: DatabaseWatch,
    private readonly diagnosis: DiagnosisWatch,
  ) {}

  /** What is wrong now, in the order of causes; no finding when all is well. */
  @Get()
  async now(): Promise<Diagnosis> {
    await this.watch.asked();
    return this.diagnosis.diagnosis;
  }
}
