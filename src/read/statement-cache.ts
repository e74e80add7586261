import type { DocumentNode, VariableNode } from 'graphql';
import { visit } from 'graphql';
import { ByteCache } from '../limits/byte-cache.js';
import type { Principal } from '../policy/principal.js';
import type { Statement } from './statements.js';

/** By what a statement is found again. */
export interface Wanted {
  readonly principal: Principal;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly scopeHeader: string | null;
  /** As the request has them. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** The same as GraphQL takes them. */
  readonly coerced: Readonly<Record<string, unknown>>;
}

/**
 * Statements that were written, by who asked and what: those used last, within so many bytes. What variables say in places that
 * the text leaves open is not part of what was asked.
 */
export class StatementCache {
  readonly #kept: ByteCache<string, Statement>;
  /** One string for a text, whoever it was written for. */
  readonly #texts: ByteCache<string, string>;
  readonly #numbers = new WeakMap<object, number>();
  readonly #open = new WeakMap<DocumentNode, ReadonlySet<string>>();
  #last = 0;

  constructor(capacity: number) {
    this.#kept = new ByteCache(capacity);
    this.#texts = new ByteCache(capacity / 4);
  }

  /** What all of it takes. */
  get bytes(): number {
    return this.#kept.bytes;
  }

  find(wanted: Wanted): Statement | undefined {
    const open = this.#open.get(wanted.document);
    return open && this.#kept.find(this.#nameOf(wanted, open));
  }

  /** Keeps a statement; `open`: the variables of its places, where they stand. */
  keep(wanted: Wanted, statement: Statement, open: ReadonlySet<VariableNode>): void {
    const { document } = wanted;
    const names = this.#open.get(document) ?? openNames(document, open);
    this.#open.set(document, names);
    const text = this.#texts.find(statement.text) ?? statement.text;
    this.#texts.keep(text, text, BYTES_PER_CHARACTER * text.length);
    const name = this.#nameOf(wanted, names);
    // Its text as well: another one may have been let go of among the texts.
    const bytes = bytesOf(statement) + BYTES_PER_CHARACTER * (name.length + text.length);
    this.#kept.keep(name, { ...statement, text }, bytes);
  }

  /** Lets go of a statement that answers nothing any more. */
  forget(wanted: Wanted): void {
    const open = this.#open.get(wanted.document);
    if (open !== undefined) this.#kept.forget(this.#nameOf(wanted, open));
  }

  #nameOf(
    { principal, document, operationName, scopeHeader, raw, coerced }: Wanted,
    open: ReadonlySet<string>,
  ): string {
    // INVARIANT: of the variables that the document has. Whatever else a request says would be kept as well.
    const said = Object.keys(coerced).map((name) => {
      const value = coerced[name] ?? null;
      // A place for a value is there or not, and what a list costs goes by its length; which value is another matter.
      if (open.has(name)) return [name, Array.isArray(value) ? value.length : value === null];
      // Left out is not null: the one has the default.
      return Object.hasOwn(raw, name) ? [name, raw[name]] : [name];
    });
    return JSON.stringify([
      this.#numberOf(principal),
      this.#numberOf(document),
      operationName ?? null,
      scopeHeader,
      said,
    ]);
  }

  #numberOf(one: object): number {
    const known = this.#numbers.get(one);
    if (known !== undefined) return known;
    this.#last += 1;
    this.#numbers.set(one, this.#last);
    return this.#last;
  }
}

/** The variables that stand in places that are left open, and nowhere else. */
function openNames(document: DocumentNode, open: ReadonlySet<VariableNode>): ReadonlySet<string> {
  const names = new Set([...open].map(({ name }) => name.value));
  visit(document, {
    VariableDefinition: () => false,
    Variable(node) {
      if (!open.has(node)) names.delete(node.name.value);
    },
  });
  return names;
}

const BYTES = 1_000;
const BYTES_PER_CHARACTER = 2;
const BYTES_PER_PLACE = 100;
const BYTES_PER_VALUE = 60;

function bytesOf({ bound }: Statement): number {
  let bytes = BYTES + BYTES_PER_PLACE * bound.length;
  for (const one of bound) {
    if (one.kind !== 'value') continue;
    const values = Array.isArray(one.value) ? one.value : [one.value];
    for (const value of values) {
      bytes +=
        BYTES_PER_VALUE + (typeof value === 'string' ? BYTES_PER_CHARACTER * value.length : 0);
    }
  }
  return bytes;
}
