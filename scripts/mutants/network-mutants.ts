import { inFile, type Mutant } from './mutant.js';

/** Bugs in what bounds callers on the open network. */
export const networkMutants: readonly Mutant[] = [
  ...inFile('src/data/clients/freshness.ts', {
    'a question is answered by what was asked before it': [
      'this.#next = undefined;\n      const round',
      'const round',
    ],
    'a replica that cannot be asked is fresh': [
      'this.#isAway = true;\n      return false;',
      'return true;',
    ],
  }),
  ...inFile('src/http/compiled.ts', {
    'a document that is not trusted is compiled': [
      "if (typeof query !== 'string' || !named.isAnswered(query)) return undefined;",
      "if (typeof query !== 'string') return undefined;",
    ],
    'who asks too often is answered by one statement': ['await sent.admit?.(who.principal);', ''],
    'a compiled query tells no cost': [
      '...(wantsCost(request.headers) ?',
      '...(wantsCost(request.headers) && false ?',
    ],
  }),
  ...inFile('src/http/graphql-handler.ts', {
    'who asks too often is answered field by field': ['await admit?.(principal);', ''],
  }),
  ...inFile('src/http/use-named-documents.ts', {
    'documents of strangers are kept': [
      "if (principal.kind === 'ANONYMOUS' || !isHash(hash)) return;",
      'if (!isHash(hash)) return;',
    ],
    'a document is kept under any hash': [
      'documents.isKeeping && hash !== hashOf(query)',
      'documents.isKeeping && hash === null',
    ],
    'a document that is not trusted is executed': [
      'if (!documents.isAnswered(query)) throw requestError(400, NOT_TRUSTED);',
      '',
    ],
  }),
  ...inFile('src/shared/named-documents.ts', {
    'what the store says is believed': [
      'if (found === undefined || hashOf(found) !== hash) return undefined;',
      'if (found === undefined) return undefined;',
    ],
  }),
  ...inFile('src/http/client-address.ts', {
    'an address is what its caller says': ['said.at(-proxies)', 'said.at(0)'],
  }),
  ...inFile('src/limits/document-shape.ts', {
    'a fragment is counted once': ['counted.set(name, all);', 'counted.set(name, NOTHING);'],
  }),
  ...inFile('src/metrics/metrics.ts', {
    'every operation has a line of its own': [
      'const isFull = this.#latencies.size > this.#operations;',
      'const isFull = false;',
    ],
    'one caller uses up all lines': [
      'isFull || brought >= Math.ceil(this.#operations / SHARES)',
      'isFull',
    ],
  }),
  ...inFile('src/http/count-request.ts', {
    'strangers make lines': ["principal !== undefined && principal.kind !== 'ANONYMOUS'", 'true'],
  }),
  ...inFile('src/http/deadline.ts', {
    'a mutation that took too long may be sent again': [
      'outcomeUnknown: isWriting()',
      'outcomeUnknown: false',
    ],
  }),
];
