import { Injectable } from '@nestjs/common';

/** A part of the /health document that another library provides. */
export interface HealthDetail {
  value: unknown;
  /** True if it makes the service work worse than it should. */
  degrades: boolean;
}

/** Collects the parts of the /health document from other libraries, so that the document need not know them. */
@Injectable()
export class HealthDetails {
  private readonly details = new Map<string, () => HealthDetail>();

  add(name: string, detail: () => HealthDetail): void {
    this.details.set(name, detail);
  }

  /** All parts, at this moment. */
  read(): { values: Record<string, unknown>; degrades: boolean } {
    const now = [...this.details].map(([name, detail]) => [name, detail()] as const);
    return {
      values: Object.fromEntries(now.map(([name, { value }]) => [name, value])),
      degrades: now.some(([, { degrades }]) => degrades),
    };
  }
}
