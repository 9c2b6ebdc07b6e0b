/** Jest reporter: the last line of a run says in plain words how many tests passed and failed, of all its parts. */
module.exports = class ClosingLine {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const line = `\n${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed\n`;
    // Jest writes its own summary after this.
    process.once('exit', () => process.stderr.write(line));
  }
};
