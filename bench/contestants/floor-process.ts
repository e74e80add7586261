/** The least that can answer: a known document, its prepared statement, and the text it returns. */
import { openStatements } from './floor-statements.js';
import { serveTexts } from './serve-texts.js';

serveTexts(openStatements());
