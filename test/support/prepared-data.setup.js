const { chmodSync, mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Makes the folder for the data that test files copy, before the first test; their processes find it by its variable. */
module.exports = () => {
  const folder = mkdtempSync(join(tmpdir(), 'load-demo-prepared-'));
  chmodSync(folder, 0o711);
  process.env.TEST_PREPARED_DATA = folder;
};
