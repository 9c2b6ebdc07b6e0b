import type { Finding } from '@app/diagnosis';
import { type Fact, factsOf, meanOf, type Seen } from './facts';
import { counted, spoken } from './words';

/** What an audience reads first: the cause in words for everybody, and the current facts in the order of harm. */
export interface Headline {
  /** `bad`: the users of the services suffer. `slow`: something is wrong, but nobody is refused. */
  tone: 'good' | 'slow' | 'bad';
  title: string;
  facts: Fact[];
  /** What proves it, if the diagnosis names a cause: three numbers with their sources. */
  evidence: string[];
  /** What to do about it. */
  advice?: string;
  /** Further causes that have signs of their own. */
  also: string[];
}

/** Derived from what any operator can see, never from the demo's own switches. */
export function headlineOf(seen: Seen, findings: readonly Finding[]): Headline {
  const facts = factsOf(seen);
  const [first, ...others] = mostFirst(findings);
  const [worst] = facts;
  const cause = {
    evidence: first?.evidence ?? [],
    advice: first?.advice,
    also: others.map(({ title }) => title),
  };
  const tone = facts.some(({ bad }) => bad) ? 'bad' : facts.length > 0 || first ? 'slow' : 'good';
  if (worst?.kind === 'away') return { tone, title: awayTitle(seen), facts, ...cause };
  if (first) return { tone, title: first.title, facts, ...cause };
  if (worst) return { tone, title: asTitle(worst), facts: facts.slice(1), ...cause };
  return {
    ...cause,
    tone,
    title: restTitle(seen),
    facts: [{ kind: 'slow', text: restText(seen), bad: false }],
  };
}

/**
 * In the order of causes. Among those that concern only operations, the one that concerns most of them comes first, and
 * if equal the later one, which has signs that the earlier one does not explain.
 */
function mostFirst(findings: readonly Finding[]): Finding[] {
  const wide = findings.filter(({ operations }) => operations === undefined);
  const narrow = findings.filter(({ operations }) => operations !== undefined).reverse();
  return [...wide, ...narrow.sort((a, b) => (b.operations ?? 0) - (a.operations ?? 0))];
}

function awayTitle({ away }: Seen): string {
  const [only] = away;
  return away.length === 1 ? `${only?.name} does not answer` : `${away.length} do not answer`;
}

function restTitle({ sessions, role, max }: Seen): string {
  const open = sessions.filter((session) => session.role === role).length;
  return `Normal: ${open} of ${max} connections open`;
}

function restText({ now, queue: { waiting } }: Seen): string {
  const takes = meanOf(now);
  const queue = waiting === 0 ? 'nobody waits' : `${counted(waiting, 'request')} in the queue`;
  if (!now || takes === undefined) return `no query in the last seconds; ${queue}`;
  const perSecond = Math.round(now.clients.statements);
  return `${counted(perSecond, 'query').replace(/querys$/, 'queries')} a second take ${spoken(takes)} on average; ${queue}`;
}

/** A program's name keeps its case. */
function asTitle({ kind, text }: Fact): string {
  return kind === 'holder' || kind === 'stranger' ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
