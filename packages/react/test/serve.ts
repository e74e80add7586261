import { text } from 'node:stream/consumers';
import { createServer } from 'vite';
import { inject, onTestFinished } from 'vitest';

/** A page of the tests, and what it asks of the gateway. */
export interface Served {
  readonly url: string;
  /** What was asked, in order. */
  readonly asked: string[];
  /** Keeps what is asked from now on until it is told to let it go. */
  hold(): () => void;
}

/** Serves a folder by Vite, and the gateway beside it, so that both are of one origin. */
export async function serve(root: string): Promise<Served> {
  const asked: string[] = [];
  let gate = Promise.resolve();
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'silent',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    resolve: { dedupe: ['react', 'react-dom'] },
    plugins: [
      {
        name: 'gateway',
        configureServer({ middlewares }) {
          middlewares.use('/graphql', async (request, response) => {
            const body = await text(request);
            asked.push(body);
            await gate;
            const { authorization = '' } = request.headers;
            const headers = { 'content-type': 'application/json', authorization };
            const sent = { method: 'POST', headers, body };
            const answer = await fetch(`${inject('gateway')}/graphql`, sent);
            response.writeHead(answer.status, { 'content-type': 'application/json' });
            response.end(await answer.text());
          });
        },
      },
    ],
  });
  await server.listen();
  onTestFinished(() => server.close());
  const address = server.httpServer?.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/`,
    asked,
    hold() {
      let release = () => {};
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
  };
}
