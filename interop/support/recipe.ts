import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpoint, tokenOf } from './gateway.js';

/** The repository, and where these tests write; git and every check leave that alone. */
export const ROOT = join(import.meta.dirname, '..', '..');
const GENERATED = join(ROOT, 'interop', 'generated');

const page = readFileSync(join(ROOT, 'docs', 'clients.md'), 'utf8');

/** The blocks of one language in a section of docs/clients.md, as they stand there. */
export function blocksOf(section: string, language: string): string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  const blocks = [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))];
  if (blocks.length === 0) throw new Error(`docs/clients.md has no ${language} under ${section}`);
  return blocks.map(([, code = '']) => code);
}

/** The folder for what a section becomes; made if it is not there. */
export function folderOf(name: string): string {
  const folder = join(GENERATED, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Code of docs/clients.md where this gateway listens, and as someone of the demo world. */
export async function codeFor(code: string, email: string): Promise<string> {
  const here = code.replaceAll('http://127.0.0.1:4000/graphql', endpoint);
  return `const TOKEN = '${await tokenOf(email)}';\n${here}`;
}

/**
 * Runs the JavaScript of a section of docs/clients.md as someone of the demo world, and answers what it
 * calls by these names.
 */
export async function runRecipe<T>(
  section: string,
  email: string,
  names: readonly (keyof T & string)[],
): Promise<T> {
  const code = await codeFor(blocksOf(section, 'js').join('\n'), email);
  const folder = folderOf(section.toLowerCase().replaceAll(/\W+/g, '-'));
  const file = join(folder, `${email.split('@', 1)[0]}.js`);
  writeFileSync(file, `${code}\nexport { ${names.join(', ')} };\n`);
  return import(file);
}
