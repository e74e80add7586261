import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { STYLES_BY_SCRIPT } from './graphiql-styles.js';
import { withPersonPicker } from './person-picker.js';

/** A file that is sent to browsers, kept as it is sent. */
export interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly gzip: Buffer;
  readonly br: Buffer;
}

/** Compressed ever after, at a strength that takes a second for 9 MB and not half a minute. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** Compresses a file once, and names it by its content. */
async function makeAsset(type: string, text: string | Buffer): Promise<Asset> {
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 20);
  const [zipped, br] = await Promise.all([
    promisify(gzip)(text),
    promisify(brotliCompress)(text, BROTLI),
  ]);
  return { type, etag: `"${hash}"`, gzip: zipped, br };
}

/** Everything that GraphiQL's page loads, and the page itself, by path. */
export interface GraphiqlFiles {
  /** Its text for a nonce of one response, in which its styles are named. */
  readonly page: (nonce: string) => string;
  /** By their names, which change with their content: they can be kept for ever. */
  readonly assets: ReadonlyMap<string, Asset>;
}

const SCRIPT = 'text/javascript; charset=utf-8';

/**
 * Makes the files of GraphiQL from the package that has all of them as texts.
 *
 * @param base where the assets are, as a browser sees it
 * @param options what GraphiQL is told; anybody can read it
 * @param picker the script of the bar in which to choose who asks; null: there is none
 */
export async function makeGraphiqlFiles(
  base: string,
  options: object,
  picker: string | null,
): Promise<GraphiqlFiles> {
  // Loaded here because parsing it would make every start slower.
  const parts = await import('@graphql-yoga/render-graphiql/graphiql');
  const assets = new Map<string, Asset>();
  const put = async (name: string, extension: string, type: string, text: string | Buffer) => {
    const asset = await makeAsset(type, text);
    const file = `${name}-${asset.etag.slice(1, -1)}.${extension}`;
    assets.set(file, asset);
    return `${base}/${file}`;
  };
  const workers = {
    editorWorkerService: await put('editor', 'js', SCRIPT, parts.editorWorkerService),
    json: await put('json', 'js', SCRIPT, parts.jsonWorker),
    graphql: await put('graphql', 'js', SCRIPT, parts.graphqlWorker),
  };
  const script = await put('graphiql', 'js', SCRIPT, scriptOf(parts.js, workers));
  const style = await put('graphiql', 'css', 'text/css; charset=utf-8', parts.css);
  const [, type = '', base64 = ''] = /^data:([\w/+.-]+);base64,(.*)$/s.exec(parts.favicon) ?? [];
  const icon = await put('icon', 'img', type, Buffer.from(base64, 'base64'));
  const html = pageOf({ script, style, icon, options });
  const page =
    picker === null
      ? html
      : withPersonPicker(html, await put('picker', 'js', SCRIPT, picker), NONCE);
  return { page: (nonce) => page.replaceAll(NONCE, nonce), assets };
}

/** Stands in the page for the nonce of a response. */
const NONCE = '{{nonce}}';

/** Monaco asks where its workers are before anything else. */
function scriptOf(graphiql: string, workers: Readonly<Record<string, string>>): string {
  return [
    `const workers = ${JSON.stringify(workers)};`,
    `self['MonacoEnvironment'] = { globalAPI: false, getWorkerUrl: (_, label) => workers[label] };`,
    `(() => {${STYLES_BY_SCRIPT}})();`,
    `${graphiql};`,
    `YogaGraphiQL.renderYogaGraphiQL(`,
    `  document.querySelector('#root'),`,
    `  JSON.parse(document.querySelector('#options').textContent),`,
    `);`,
  ].join('\n');
}

interface PageParts {
  readonly script: string;
  readonly style: string;
  readonly icon: string;
  readonly options: object;
}

function pageOf({ script, style, icon, options }: PageParts): string {
  // In a script element everything is text until it ends, and no JSON needs a `<` outside of strings.
  const json = JSON.stringify(options).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Heimdall</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${style}">
</head>
<body id="body" class="no-focus-outline">
<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root"></div>
<script type="application/json" id="options" data-nonce="${NONCE}">${json}</script>
<script src="${script}"></script>
</body>
</html>
`;
}
