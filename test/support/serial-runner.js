const { default: TestRunner } = require('jest-runner');

/** Jest runner for files that measure time: one after the other, when nothing else of the tests runs any more. */
module.exports = class SerialRunner extends TestRunner {
  isSerial = true;
};
