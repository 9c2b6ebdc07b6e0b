const { default: Sequencer } = require('@jest/test-sequencer');

const ORDER = ['unit', 'system', 'alone'];

/** Jest sequencer: the fast tests come first; within a project, the slowest file comes first, as in Jest. */
module.exports = class ProjectOrder extends Sequencer {
  sort(tests) {
    const place = ({ context }) => ORDER.indexOf(context.config.displayName.name);
    return super.sort(tests).toSorted((one, other) => place(one) - place(other));
  }
};
