/** Reads schema.zmodel and writes `node_modules/.zenstack/schema.ts`: what `zen generate` does, without its command line. */
import { fileURLToPath } from 'node:url';
import { loadDocument } from '@zenstackhq/language';
import { TsSchemaGenerator } from '@zenstackhq/sdk';

const SCHEMA = fileURLToPath(new URL('./schema.zmodel', import.meta.url));
const POLICY = fileURLToPath(import.meta.resolve('@zenstackhq/plugin-policy/plugin.zmodel'));
/** Beside what is installed, which no check of the project reads. */
const OUTPUT = fileURLToPath(new URL('../node_modules/.zenstack', import.meta.url));

// ZenStack's parser asks for it; Node has it since 21.
if (!('groupBy' in Object)) Object.assign(Object, { groupBy });
const loaded = await loadDocument(SCHEMA, [POLICY]);
if (!loaded.success) throw new Error(`schema.zmodel: ${loaded.errors.join('\n')}`);
await new TsSchemaGenerator().generate(loaded.model, {
  outDir: OUTPUT,
  generateModelTypes: false,
  generateInputTypes: false,
});

function groupBy<Item>(items: Iterable<Item>, keyOf: (item: Item) => string): object {
  const groups: Record<string, Item[]> = Object.create(null);
  for (const item of items) {
    const key = keyOf(item);
    groups[key] = [...(groups[key] ?? []), item];
  }
  return groups;
}
