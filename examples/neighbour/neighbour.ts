// A subgraph of another team's, beside Heimdall: comments on its forms and tips for its apps. README.md says how to try it.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

interface Comment {
  readonly id: string;
  readonly text: string;
  /** All that this team keeps of a form: whether it is there, and for whom, is Heimdall's to say. */
  readonly formId: string;
}

/** Forms of Heimdall's demo world, whose ids are the same everywhere. */
const EXPENSE_CLAIM = '01930000-0000-74bc-863d-2429d03e1aef'; // everybody in Acme uses it
const INVOICE_APPROVAL = '01930000-0000-75e0-827c-5b0362fcaddc'; // its Finance Approvers do
const NO_FORM = '01930000-0000-7000-8000-000000000000'; // has been deleted since

const COMMENTS: readonly Comment[] = [
  { id: '1', formId: EXPENSE_CLAIM, text: 'Asks for the receipt twice.' },
  { id: '2', formId: INVOICE_APPROVAL, text: 'Who approves this in August?' },
  { id: '3', formId: EXPENSE_CLAIM, text: 'Fixed.' },
  { id: '4', formId: NO_FORM, text: 'Do we still need it?' },
];

/** The root of Acme, and slugs of apps there. */
const ACME = '01930000-0000-883a-8479-6e80a5d4ea14';
const TIPS = [
  { text: 'Pin what you use daily.', slug: 'launcher' }, // everybody in Acme uses it
  { text: 'Sort by amount.', slug: 'finance-desk' }, // its Finance Approvers do
  { text: 'Press Ctrl-S often.', slug: 'typewriter' }, // is no app
];

const schema = buildSubgraphSchema({
  typeDefs: parse(readFileSync(join(import.meta.dirname, 'schema.graphql'), 'utf8')),
  resolvers: {
    Query: { comments: () => COMMENTS, tips: () => TIPS },
    Comment: {
      __resolveReference: ({ id }: Comment) => COMMENTS.find((comment) => comment.id === id),
      form: ({ formId }: Comment) => ({ id: formId }),
    },
    Tip: {
      app: ({ slug }: (typeof TIPS)[number]) => ({ scope: { id: ACME }, slug }),
    },
    Form: {
      __resolveReference: ({ id }: { readonly id: string }) => ({ id }),
      comments: ({ id }: { readonly id: string }) => COMMENTS.filter(({ formId }) => formId === id),
    },
  },
});

// The router alone should reach it: it believes that who asks about a form was shown it by Heimdall.
const server = createServer(createYoga({ schema, graphiql: false, landingPage: false }));
server.listen(Number(process.env.PORT ?? 4001), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`the neighbour listens on http://127.0.0.1:${port}/graphql`);
});
