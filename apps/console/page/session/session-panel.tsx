import type { Blocker } from '../../src/sessions/blocker-tree';
import type { SessionsView } from '../../src/sessions/sessions-view';
import { Dialog } from '../dialog';
import { duration } from '../format';
import { Scrolls } from '../scrolls';
import { Plan } from '../trace/plan';
import { TraceLink } from '../trace/trace-link';
import { closeSession, openedPid, openSession, sessions } from './opened';

type Session = SessionsView['sessions'][number];

/** Which sessions there are, what they do, and which they wait for. */
export function SessionPanel() {
  const pid = openedPid.value;
  if (pid === undefined) return null;
  const { sessions: all = [], blockers = [], trouble } = sessions.value ?? {};
  const session = all.find((one) => one.pid === pid);
  return (
    <Dialog title={`Session ${pid}`} onClose={closeSession}>
      {trouble && <p class="bad">{trouble}</p>}
      {session ? (
        <Facts session={session} />
      ) : (
        <p class="hint">There is no session with this process id now.</p>
      )}
      <h3>Who waits for whom</h3>
      {blockers.length === 0 ? (
        <p class="hint">Nobody waits for a lock.</p>
      ) : (
        <Tree blockers={blockers} all={all} />
      )}
    </Dialog>
  );
}

function Facts({ session }: { session: Session }) {
  const { pid, role, application_name, state, wait, query, trace_id, blocked_by } = session;
  const facts: [string, string][] = [
    ['process', String(pid)],
    ['program', application_name || '(no name)'],
    ['role', role],
    ['state', `${state} for ${duration(session.since_state_change * 1_000)}`],
    ['waits for', wait || 'nothing'],
    ['blocked by', blocked_by.join(', ') || 'nobody'],
    [
      'transaction',
      session.since_transaction_start > 0
        ? `open for ${duration(session.since_transaction_start * 1_000)}`
        : 'none',
    ],
    ['connected', `for ${duration(session.since_start * 1_000)}`],
  ];
  return (
    <>
      <dl class="attributes">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Scrolls label="Latest statement" class="statement-text">
        <code>{query || '(none yet)'}</code>
      </Scrolls>
      {query && <Plan key={pid} path={`/api/sessions/${pid}/plan`} />}
      {trace_id && (
        <p>
          Trace of its latest statement: <TraceLink traceId={trace_id} />
        </p>
      )}
    </>
  );
}

function Tree({ blockers, all }: { blockers: Blocker[]; all: Session[] }) {
  return (
    <ul class="tree">
      {blockers.map(({ pid, waits_for, blocks, deadlock }) => {
        const session = all.find((one) => one.pid === pid);
        const waited = waits_for ? `waits for ${waits_for.mode} ${waits_for.relation}` : session?.state;
        const age = session && duration(session.since_transaction_start * 1_000);
        return (
          <li key={pid}>
            <button type="button" class="link" onClick={() => openSession(pid)}>
              {pid} {session?.application_name.split('@')[0] || session?.role}
            </button>{' '}
            {deadlock ? 'deadlock, ' : ''}
            {waited}, transaction {age ?? '–'} old
            {blocks.length > 0 && <Tree blockers={blocks} all={all} />}
          </li>
        );
      })}
    </ul>
  );
}
