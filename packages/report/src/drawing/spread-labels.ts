/**
 * Moves labels apart so that none overlap, each as little as possible and all inside a range.
 *
 * Labels that touch form a block that is centered on the mean of where its members want to be.
 *
 * @param wanted  Where each label wants to be, in pixels.
 * @param options.gap  Least distance between two labels.
 * @param options.range  Lowest and highest position allowed.
 * @returns a position for each label, in the order given.
 */
export function spreadLabels(wanted: readonly number[], { gap, range }: { gap: number; range: readonly [number, number] }): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!);
  let blocks: { members: number[]; start: number }[] = [];
  for (const index of order) {
    blocks.push({ members: [index], start: wanted[index]! });
    blocks = merge(blocks, wanted, gap, range);
  }
  const positions = new Array<number>(wanted.length);
  for (const { members, start } of blocks) members.forEach((index, i) => { positions[index] = start + i * gap; });
  return positions;
}

function merge(blocks: { members: number[]; start: number }[], wanted: readonly number[], gap: number, [low, high]: readonly [number, number]) {
  const place = (members: number[]): { members: number[]; start: number } => {
    const mean = members.reduce((sum, index, i) => sum + wanted[index]! - i * gap, 0) / members.length;
    return { members, start: Math.max(low, Math.min(high - (members.length - 1) * gap, mean)) };
  };
  const merged = blocks.map(({ members }) => place(members));
  for (let i = merged.length - 1; i > 0; i--) {
    const before = merged[i - 1]!;
    if (before.start + before.members.length * gap > merged[i]!.start) merged.splice(i - 1, 2, place([...before.members, ...merged[i]!.members]));
  }
  return merged;
}
