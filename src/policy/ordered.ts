/** How two values of one kind stand to each other, of which numbers alone, and instants in one form, have an order. */
export type Order = 'less' | 'atMost' | 'greater' | 'atLeast';

/** Whether they do; of values of two kinds nothing is told, and so no. */
export function ordered(left: unknown, how: Order, right: unknown): boolean {
  const areNumbers = typeof left === 'number' && typeof right === 'number';
  const areTexts = typeof left === 'string' && typeof right === 'string';
  if (!areNumbers && !areTexts) return false;
  switch (how) {
    case 'less':
      return left < right;
    case 'atMost':
      return left <= right;
    case 'greater':
      return left > right;
    case 'atLeast':
      return left >= right;
  }
}
