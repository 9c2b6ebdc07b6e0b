/** Jest reporter: the last line of a run says how many tests of all its parts passed and failed. */
module.exports = class ClosingLine {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const line = `\n${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed\n`;
    // Jest writes its own summary after this.
    process.once('exit', () => process.stderr.write(line));
  }
};
