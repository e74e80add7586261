/** The name that somebody may have meant, at most two letters away; undefined: none is. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, away: Math.min(...[name, ...name.split(' ')].map(distanceTo(word))) }))
    .filter(({ away }) => away <= 2)
    .sort((a, b) => a.away - b.away);
  return near[0]?.name;
}

/** How many letters must be put in, left out or changed. */
const distanceTo =
  (word: string) =>
  (name: string): number => {
    let row = Array.from({ length: name.length + 1 }, (_, at) => at);
    for (const [line, letter] of [...word.slice(0, 40)].entries()) {
      const next = [line + 1];
      for (const [at, other] of [...name].entries()) {
        const changed = (row[at] ?? 0) + Number(letter !== other);
        next.push(Math.min(changed, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
      }
      row = next;
    }
    return row.at(-1) ?? 0;
  };
