const JSON_ANSWERS = ['application/graphql-response+json', 'application/json'] as const;

/** How an answer in JSON is called. */
export type JsonAnswer = (typeof JSON_ANSWERS)[number];

/**
 * Which kind of JSON a caller takes, as Yoga reads the header: the first that it names of those there are, weights aside.
 * Undefined: none, or something else.
 */
export function jsonAnswerFor(accept: string | null): JsonAnswer | undefined {
  for (const one of (accept || '*/*').replaceAll(/\s/g, '').toLowerCase().split(',')) {
    const [type = '', ...params] = one.split(';');
    const charset = params.find((param) => param.includes('charset=')) ?? 'charset=utf-8';
    if (charset !== 'charset=utf-8') continue;
    const taken = JSON_ANSWERS.findLast((answer) => isTaken(answer, type));
    if (taken !== undefined) return taken;
  }
  return undefined;
}

function isTaken(answer: JsonAnswer, asked: string): boolean {
  const [type, kind] = asked.split('/');
  const [ownType, ownKind] = answer.split('/');
  return (type === '*' || type === ownType) && (kind === '*' || kind === ownKind);
}
