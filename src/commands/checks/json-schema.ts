import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Check, issue } from './check.js';
import { jsonObject } from './json.js';

// Nothing is compiled: a stranger's schema would become code. It is compared with the schema of schemas.
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });

/** A JSON Schema (2020-12) that describes an object, of at most 64 KiB. */
export const parametersSchema: Check = (value) => {
  const unkept = jsonObject(64 * 1_024)(value);
  if (unkept.length > 0) return unkept;
  const { $schema, type, $ref } = value as Readonly<Record<string, unknown>>;
  if ($schema !== undefined && $schema !== 'https://json-schema.org/draft/2020-12/schema') {
    return [issue('the dialect is https://json-schema.org/draft/2020-12/schema', '$schema')];
  }
  if ($ref !== undefined) return [issue('parameters are described here, not elsewhere', '$ref')];
  if (type !== undefined && type !== 'object') return [issue('parameters are an object', 'type')];
  if (ajv.validateSchema(value as object) === true) return [];
  return (ajv.errors ?? [])
    .slice(0, 20)
    .map(({ instancePath, message }) =>
      issue(message ?? 'it is no schema', ...pathOf(instancePath)),
    );
};

/** A JSON pointer as a path. */
function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
