import { createHash } from 'node:crypto';

/**
 * Divides faces into training and test faces so that no super-family stands in both.
 *
 * Super-families are ordered by the sha256 of their names, which no choice of ours can tune, and go to the test set until
 * it has enough faces; one that would exceed `testFaces + slack` goes to the training set.
 *
 * @param groups  The super-family of each face.
 * @returns Whether each face is a test face.
 */
export function splitByGroup(groups: readonly string[], { testFaces, slack = 4 }: { testFaces: number; slack?: number }): boolean[] {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const ordered = [...sizes.keys()].map((group) => ({ group, hash: sha256(`glyphs/split/${group}`) })).sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const test = new Set<string>();
  let faces = 0;
  for (const { group } of ordered) {
    const size = sizes.get(group)!;
    if (faces >= testFaces || faces + size > testFaces + slack) continue;
    test.add(group);
    faces += size;
  }
  return groups.map((group) => test.has(group));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
