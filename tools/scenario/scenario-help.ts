import { CONSOLE_URL, SERVICE_OPTIONS_HELP } from '../service-options';

export const SCENARIO_HELP = `Plays an incident with a story on a running system: load and failures by a timeline, the words to say, what to look at,
and each step checked by itself. Ends with a folder of the run, and in it report.html, which needs no network.

  npm run scenario -- --list
  npm run scenario migration-behind-a-report
  npm run scenario -- --file my-incident.yaml --seed 8 --open

  --list            the scenarios there are
  --file F          one of your own; docs/scenarios.md says how to write it
  --seed N          which requests are sent, and when: that of the file
  --runs DIR        where the folders of runs are kept: .data/runs
  --open            shows the report in the browser at the end
  --check           only says whether the file is a scenario
  --wait 60s        how long the system may take to answer, if it is just starting; without it, none
  --console URL     the console: ${CONSOLE_URL}
${SERVICE_OPTIONS_HELP}

It begins when the system is at rest, and switches everything off at its end, at Ctrl-C, and when it fails; were it
killed, each fault would end by itself a little after the timeline. CHAOS_TOKEN is sent with each change. Exits with 1
when a step did not come as it should or the run ended early, with 2 for wrong arguments or a wrong file.`;
