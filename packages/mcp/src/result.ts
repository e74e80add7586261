import { HeimdallError } from '@heimdall/client';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** So many characters at most are handed to a model at once. */
export const MOST_CHARACTERS = 100_000;

/** What a tool answers, as JSON. */
export function answered(value: object): CallToolResult {
  const text = JSON.stringify(value);
  if (text.length <= MOST_CHARACTERS) return { content: [{ type: 'text', text }] };
  return failed(`the answer has ${text.length} characters: ask for less`);
}

/** What a tool answers instead, for the model to read. */
export function failed(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }] };
}

/** What the gateway refused, in its own words; anything else is not for a model. */
export function refused(error: unknown): CallToolResult {
  if (!(error instanceof HeimdallError)) throw error;
  const issues = error.issues
    .slice(0, 20)
    .map(({ path, message }) => `\n- ${path.join('.')}: ${message}`);
  return failed(`${error.code}: ${error.message}${issues.join('')}`.slice(0, MOST_CHARACTERS));
}
