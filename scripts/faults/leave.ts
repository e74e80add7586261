const left = new Set<() => void>();

/** What is to be undone when this process ends, however that comes; what was undone before is no mistake. */
export function leave(undo: () => void): void {
  left.add(undo);
}

process.once('exit', () => {
  for (const undo of left) {
    try {
      undo();
    } catch {
      // It is gone already.
    }
  }
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(1));
}
