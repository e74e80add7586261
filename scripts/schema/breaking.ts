import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** What of a change of the schema breaks clients, and what of it was agreed to. */
export interface Breaks {
  readonly refused: readonly string[];
  readonly agreed: readonly string[];
}

/** A line of the file of what was agreed to: the change as it is listed, and why it is made all the same. */
const AGREED = /^- `(.+)`: \S/;

/** The breaking changes from one schema to another, each as one line; `agreed` is the text of the file. */
export async function breaksBetween(
  before: string,
  after: string,
  agreed: string,
): Promise<Breaks> {
  const changes = await diff(buildSchema(before), buildSchema(after));
  const breaking = changes.filter(isBreaking).map(({ message }) => message.replaceAll('`', "'"));
  const known = new Set(agreed.split('\n').map((line) => AGREED.exec(line)?.[1]));
  return {
    refused: breaking.filter((one) => !known.has(one)),
    agreed: breaking.filter((one) => known.has(one)),
  };
}

function isBreaking({ criticality }: Change): boolean {
  return criticality.level === CriticalityLevel.Breaking;
}
