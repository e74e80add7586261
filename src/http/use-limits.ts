import { type DocumentNode, type ParseOptions, parse, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badUserInput } from '../errors.js';
import type { Limits } from './limits.js';
import { querySize } from './query-size.js';
import { requestError } from './request-error.js';

/** Refuses documents that are too long, too deep or too wide, before any work is put into them. */
export function useLimits(limits: Limits): Plugin {
  const parseWithin = (source: string | Source, options?: ParseOptions): DocumentNode => {
    try {
      return parse(source, { ...options, maxTokens: limits.tokens });
    } catch (error) {
      // The parser is recursive: brackets within brackets exhaust the stack before the tokens.
      throw error instanceof RangeError ? badUserInput('the document is nested too deeply') : error;
    }
  };
  return {
    onParse({ setParseFn }) {
      setParseFn(parseWithin);
    },
    // In front of validation, whose cost is more than linear for some rules.
    onValidate({ params, setResult }) {
      const mistake = tooLarge(params.documentAST, limits);
      if (mistake !== undefined) setResult([requestError(400, mistake, { onlyIfAsked: true })]);
    },
  };
}

function tooLarge(document: DocumentNode, limits: Limits): string | undefined {
  const { depth, fields } = querySize(document);
  if (depth > limits.depth) {
    return `the query is ${depth} levels deep, of which ${limits.depth} are allowed`;
  }
  if (fields > limits.fields) {
    return `the query asks for ${fields} fields, of which ${limits.fields} are allowed`;
  }
  return undefined;
}
