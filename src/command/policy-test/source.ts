// YAML that knows where each of its values stands.
import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { FileError } from './problem.js';

export type Path = readonly PropertyKey[];

/** What a file says, and on which lines. */
export interface Source {
  readonly data: unknown;
  /** The line of what is at a path; of a key of a map, the line of the key. */
  lineOf(path: Path): number;
}

/** A file of tests is written by hand: what is larger is another file by mistake. */
const MOST_LETTERS = 1_000_000;

/** Reads YAML 1.2, one document. Throws FileError: it is none, it has a key twice, or it says nothing. */
export function readSource(text: string): Source {
  if (text.length > MOST_LETTERS) {
    throw new FileError([{ line: 1, message: 'the file is too large to be one of policy tests' }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  // A warning is of a tag that means nothing: what would be read is not what was meant.
  const wrong = [...document.errors, ...document.warnings];
  if (wrong.length > 0) {
    throw new FileError(
      wrong.map(({ pos: [offset], message }) => ({ line: lineAt(offset), message })),
    );
  }
  if (document.contents === null) throw new FileError([{ line: 1, message: 'the file is empty' }]);
  return {
    data: read(() => document.toJS({ maxAliasCount: 100 })),
    lineOf: (path) => lineAt(nearest(document.contents, path)),
  };
}

function read(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    throw new FileError([
      { line: 1, message: error instanceof Error ? error.message : `${error}` },
    ]);
  }
}

/** Where the deepest thing begins that is on a path. */
function nearest(root: Node | null, path: Path): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else {
      const items = (node as { items?: readonly unknown[] } | null)?.items ?? [];
      const item = items[Number(step)];
      if (item === undefined) return offset;
      offset = startOf(item) ?? offset;
      node = item;
    }
  }
  return offset;
}

const startOf = (node: unknown): number | undefined =>
  isNode(node) ? (node.range?.[0] ?? undefined) : undefined;
