import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConcreteRequest, Environment, ReaderFragment } from 'relay-runtime';
import { blocksOf, codeFor, folderOf, ROOT } from '../support/recipe.js';

const COMPILER = join(ROOT, 'interop', 'node_modules', 'relay-compiler', 'cli.js');
const ARTIFACTS = 'src/__generated__';

/** A folder as a frontend has it, compiled. */
export interface RelayProject {
  query(name: string): Promise<ConcreteRequest>;
  fragment(name: string): Promise<ReaderFragment>;
  /** The environment of docs/clients.md, as someone of the demo world: a store of its own each time. */
  environmentOf(email: string): Promise<Environment>;
}

/**
 * Compiles the documents beside this file, and those of docs/clients.md, with the settings of
 * that page against the schema that is checked in.
 */
export function compileProject(): RelayProject {
  const folder = folderOf('relay');
  rmSync(join(folder, 'src'), { recursive: true, force: true });
  cpSync(join(import.meta.dirname, 'documents'), join(folder, 'src'), { recursive: true });
  cpSync(join(ROOT, 'schema.graphql'), join(folder, 'schema.graphql'));
  const [config = ''] = blocksOf('Relay', 'json');
  writeFileSync(join(folder, 'relay.config.json'), config);
  const documents = blocksOf('Relay', 'graphql').map((block) => `graphql\`\n${block}\`;\n`);
  const source = `import { graphql } from 'relay-runtime';\n\n${documents.join('\n')}`;
  writeFileSync(join(folder, 'src', 'Forms.js'), source);
  execFileSync(process.execPath, [COMPILER, 'relay.config.json'], { cwd: folder, stdio: 'pipe' });

  const artifact = async (name: string) =>
    (await import(join(folder, ARTIFACTS, `${name}.graphql.js`))).default;
  let environments = 0;
  return {
    query: artifact,
    fragment: artifact,
    async environmentOf(email) {
      const code = await codeFor(blocksOf('Relay', 'js').join('\n'), email);
      const file = join(folder, `environment-${++environments}.js`);
      writeFileSync(file, `${code}\nexport { environment };\n`);
      return (await import(file)).environment;
    },
  };
}
