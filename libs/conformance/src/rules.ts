import { LOG_RULES } from './logs/log.rules';
import { METRIC_RULES } from './metrics/metric.rules';
import { CORALOGIX_RULES } from './readers/coralogix.rules';
import { OPEN_SOURCE_RULES } from './readers/open-source.rules';
import { CLOUD_RULES, VENDOR_RULES } from './readers/vendors.rules';
import type { Rule } from './rule';
import { EVERY_SPAN_RULES } from './rules/every-span.rules';
import { REQUEST_RULES } from './rules/request.rules';
import { STATEMENT_RULES } from './rules/statement.rules';

/** Every rule of every reader. */
export const RULES: readonly Rule[] = [
  ...EVERY_SPAN_RULES,
  ...STATEMENT_RULES,
  ...REQUEST_RULES,
  ...METRIC_RULES,
  ...LOG_RULES,
  ...CORALOGIX_RULES,
  ...VENDOR_RULES,
  ...CLOUD_RULES,
  ...OPEN_SOURCE_RULES,
];
