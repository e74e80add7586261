import { defineConfig } from 'vite';

// As it was asked: the gateway gives people of the demo world to pages of its own origin alone.
const gateway = {
  target: process.env.HEIMDALL_ORIGIN ?? 'http://127.0.0.1:4000',
  changeOrigin: false,
};

export default defineConfig({
  // The page and the gateway are of one origin, as behind a proxy of yours: then no CORS is needed.
  server: { host: '127.0.0.1', proxy: { '/graphql': gateway, '/people': gateway } },
  // The packages beside this one have a React of their own for their tests.
  resolve: { dedupe: ['react', 'react-dom'] },
});
