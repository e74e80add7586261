/** What came of one request: a status with the code of its first error, and how long it took. */
export interface Outcome {
  readonly what: string;
  readonly ms: number;
}

/** Sends one operation; a connection that breaks is an outcome too. */
export async function ask(url: string, token: string | null, query: string): Promise<Outcome> {
  const start = performance.now();
  const what = await answered(url, token, query);
  return { what, ms: performance.now() - start };
}

async function answered(url: string, token: string | null, query: string): Promise<string> {
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    // What is large is an answer.
    const code = text.length < 1_000_000 ? /"code":"([A-Z_]+)"/.exec(text)?.[1] : undefined;
    return code === undefined ? `${response.status}` : `${response.status} ${code}`;
  } catch {
    return 'broken off';
  }
}
