declare const asked: unique symbol;

/** The text of an operation that knows what it answers and what it takes. */
export type Document<Data, Variables> = string & {
  readonly [asked]?: (variables: Variables) => Data;
};

/** Takes a text for a document: whoever writes it says of which types. */
export const document = <Data, Variables>(text: string): Document<Data, Variables> => text;
