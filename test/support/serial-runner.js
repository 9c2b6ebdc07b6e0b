const { default: TestRunner } = require('jest-runner');

/** Jest runner for files that measure time: they run one after the other, when all other tests are done. */
module.exports = class SerialRunner extends TestRunner {
  isSerial = true;
};
