/**
 * Finds a value that is nested too deeply, without recursion: the sender chooses the depth, but the stack is ours.
 *
 * @param deepest allowed levels of objects and arrays, including the outermost
 * @returns the member of the outermost object that contains the deep value; undefined if there is none
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
