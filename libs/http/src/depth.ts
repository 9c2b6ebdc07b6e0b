/**
 * Looks for a value that is nested too deeply, without calling itself: the depth is the sender's choice, the stack is
 * not.
 *
 * @param deepest levels of objects and arrays that are allowed, the outermost counted
 * @returns the member of the outermost object in which the deep value is; undefined if there is none
 */
export function tooDeep(value: unknown, deepest: number): string | undefined {
  if (!isNested(value)) return undefined;
  for (const [name, member] of Object.entries(value)) {
    let level: object[] = isNested(member) ? [member] : [];
    for (let depth = 2; level.length > 0; depth++) {
      if (depth > deepest) return name;
      level = level.flatMap((one) => Object.values(one).filter(isNested));
    }
  }
  return undefined;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
