/**
 * What the thread runs that compares values with schemas: a text, so that it is the same wherever the gateway is started
 * from. It knows nothing but what it is sent, and the library.
 */
export const CHECKER = `
const { parentPort, workerData } = require('node:worker_threads');
const { Ajv2020 } = require('node:module').createRequire(workerData.from)('ajv/dist/2020.js');

const MOST_KEPT = 200;
const MOST_MISTAKES = 20;

const inUnicode = (pattern, flags) => new RegExp(pattern, flags);
inUnicode.code = 'new RegExp';
/** As browsers read the pattern of an input. */
const asInBrowsers = (pattern) => new RegExp(pattern, 'v');
asInBrowsers.code = 'asInBrowsers';

const OPTIONS = { strict: false, allErrors: true, validateFormats: false, addUsedSchema: false, logger: false };
const ajvs = {
  parameters: () => new Ajv2020({ ...OPTIONS, code: { regExp: inUnicode } }),
  // Its schemas are ours; and the schema of schemas has patterns that are none to browsers.
  fields: () => new Ajv2020({ ...OPTIONS, meta: false, validateSchema: false, code: { regExp: asInBrowsers } }),
};
const kept = new Map();

function compiled(dialect, schema) {
  const key = dialect + schema;
  const known = kept.get(key);
  if (known !== undefined) return known;
  // One of its own for each: what one schema calls its parts is nothing to another.
  const validate = ajvs[dialect]().compile(JSON.parse(schema));
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value);
  kept.set(key, validate);
  return validate;
}

function check({ dialect, schema, value }) {
  let validate;
  try {
    validate = compiled(dialect, schema);
  } catch {
    return { unusable: true };
  }
  if (validate(JSON.parse(value)) === true) return { mistakes: [] };
  return { mistakes: (validate.errors ?? []).slice(0, MOST_MISTAKES).map(mistakeOf) };
}

function mistakeOf({ instancePath, keyword, params, message }) {
  const name = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty ?? params.propertyName;
  const path = typeof name === 'string' && keyword !== 'dependentRequired'
    ? instancePath + '/' + name.replaceAll('~', '~0').replaceAll('/', '~1')
    : instancePath;
  return { path, message: messageOf(keyword, params, message) };
}

function messageOf(keyword, params, message) {
  if (keyword === 'required') return 'it is missing';
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return 'there is no such field';
  if (keyword === 'enum') return 'it is none of the values that it may be';
  return 'it ' + (message ?? 'is not valid');
}

parentPort.on('message', (job) => parentPort.postMessage(check(job)));
parentPort.postMessage('ready');
`;
