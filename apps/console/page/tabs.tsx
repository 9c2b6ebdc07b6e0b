import type { ComponentChildren } from 'preact';

interface TabsProps<Name extends string> {
  /** Identifies this set of tabs among several on the page. */
  id: string;
  label: string;
  /** The title on each tab. */
  titles: Record<Name, string>;
  chosen: Name;
  choose: (name: Name) => void;
  /** The content of the chosen tab. */
  children: ComponentChildren;
}

/** Shows one of several things. The Tab key stops at one tab, and arrows lead to the others. */
export function Tabs<Name extends string>(props: TabsProps<Name>) {
  const { id, label, titles, chosen, choose, children } = props;
  const names = Object.keys(titles) as Name[];
  const move = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = names.at((names.indexOf(chosen) + step) % names.length) ?? chosen;
    choose(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <>
      <div class="segments tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            tabIndex={chosen === name ? 0 : -1}
            aria-selected={chosen === name}
            aria-controls={`${id}-panel`}
            onClick={() => choose(name)}
          >
            {titles[name]}
          </button>
        ))}
      </div>
      <div class="panel" id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </>
  );
}
