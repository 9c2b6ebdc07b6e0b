const { chmodSync, mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/**
 * Runs before the first test: makes the folder for the data that the test files copy, which their processes find by its
 * variable.
 */
module.exports = () => {
  const folder = mkdtempSync(join(tmpdir(), 'load-demo-prepared-'));
  chmodSync(folder, 0o711);
  process.env.TEST_PREPARED_DATA = folder;
};
