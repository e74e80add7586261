import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { differences } from '../questions/difference.js';
import { placeOf } from './notes.js';
import type { Drawn } from './record.js';

/** The line that begins a recording. */
export function headOf({ worlds, seed }: Drawn): string {
  return JSON.stringify({ at: 'head', worlds, seed });
}

/** Reads a recording world by world, so that it need not fit into memory. */
export class Reference {
  readonly drawn: Drawn;
  readonly #lines: AsyncIterator<string>;
  #next: string | undefined;

  private constructor(drawn: Drawn, lines: AsyncIterator<string>) {
    this.drawn = drawn;
    this.#lines = lines;
  }

  static async open(file: string): Promise<Reference> {
    const input = createReadStream(file);
    await once(input, 'open');
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    const iterator = lines[Symbol.asyncIterator]();
    const head = await iterator.next();
    if (head.done || placeOf(head.value) !== 'head') throw new Error(`${file} is no recording`);
    const { worlds, seed } = JSON.parse(head.value) as Drawn;
    return new Reference({ worlds, seed }, iterator);
  }

  /** The lines of a world; worlds are asked for in their order. */
  async world(index: number): Promise<string[]> {
    const found: string[] = [];
    for (;;) {
      this.#next ??= await this.#lines.next().then(({ value, done }) => (done ? '' : value));
      if (!this.#next?.startsWith(`{"at":"${index}.`)) return found;
      found.push(this.#next);
      this.#next = undefined;
    }
  }
}

/** What is not the same in a world: by place, as other lines may have come or gone between. */
export function compareLines(before: readonly string[], after: readonly string[]): string[] {
  const was = new Map(before.map((line) => [placeOf(line), line]));
  const is = new Map(after.map((line) => [placeOf(line), line]));
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((place) => {
    const [old, now] = [was.get(place), is.get(place)];
    if (old === now) return [];
    if (now === undefined) return [`${place}: was answered, and is not any more`];
    if (old === undefined) return [`${place}: was not answered\n${asked(now)}`];
    const found = differences({ was: JSON.parse(old), is: JSON.parse(now) });
    const what = found.length > 0 ? found : ['  the same, but in another order of its keys'];
    return [[place, asked(now), ...what.slice(0, 8), ...more(what.length - 8)].join('\n')];
  });
}

const more = (count: number): string[] => (count > 0 ? [`  and ${count} more`] : []);

function asked(line: string): string {
  const { by, source, variables, title, thrown } = JSON.parse(line) as Record<string, unknown>;
  const question = source ?? title ?? thrown ?? 'sits down';
  const parts = [`by ${JSON.stringify(by)}`, String(question).replaceAll(/\s+/g, ' ')];
  if (variables !== undefined) parts.push(JSON.stringify(variables));
  return parts.map((part) => `  ${part.length > 600 ? `${part.slice(0, 600)}…` : part}`).join('\n');
}
