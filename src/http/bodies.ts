import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { unavailable } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import { requestError } from './request-error.js';

const DECODERS = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

interface Coming {
  bytes: number;
  readonly refuse: (reason: Error) => void;
}

type BodyLimits = Pick<Limits, 'bodyBytes' | 'heldBodyBytes'>;

/** A body that was read, counted until it is released. */
export interface Body {
  readonly text: string;
  readonly release: () => void;
}

/**
 * Reads the bodies of requests, compressed ones too, within the limits of each and of all together.
 *
 * INVARIANT: bodies are read before anybody is asked who they are, so what they hold is bounded whoever
 * sends them, and however slowly.
 */
export class Bodies {
  readonly #limits: BodyLimits;
  readonly #coming = new Set<Coming>();
  #held = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** What all of them hold. */
  get bytes(): number {
    return this.#held;
  }

  /** Rejects with a refusal by its status, or with UNAVAILABLE where too much is held. */
  async read(request: IncomingMessage): Promise<Body> {
    const decode = decoderOf(request.headers['content-encoding']);
    let held = 0;
    const hold = (bytes: number) => {
      held += bytes;
      this.#held += bytes;
      this.#makeRoom();
    };
    const release = () => {
      this.#held -= held;
      held = 0;
    };
    try {
      const raw = await this.#receive(request, hold);
      if (decode === undefined) return { text: raw.toString('utf8'), release };
      const inflated = await this.#inflate(decode, raw);
      hold(inflated.length);
      return { text: inflated.toString('utf8'), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  #receive(request: IncomingMessage, hold: (bytes: number) => void): Promise<Buffer> {
    const { bodyBytes } = this.#limits;
    if (Number(request.headers['content-length'] ?? 0) > bodyBytes) throw tooLarge(bodyBytes);
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const settle = (act: () => void) => {
        this.#coming.delete(coming);
        request.off('data', take).off('end', complete).off('close', broken).off('error', broken);
        // A late error has nobody else to be told to, and what still comes is let go by.
        request.on('error', () => {}).resume();
        act();
      };
      const refuse = (reason: Error) => settle(() => reject(reason));
      const complete = () => settle(() => resolve(Buffer.concat(chunks, coming.bytes)));
      const broken = () => refuse(requestError(400, 'the body broke off'));
      const coming: Coming = { bytes: 0, refuse };
      const take = (chunk: Buffer) => {
        coming.bytes += chunk.length;
        if (coming.bytes > bodyBytes) return refuse(tooLarge(bodyBytes));
        chunks.push(chunk);
        hold(chunk.length);
      };
      this.#coming.add(coming);
      request.on('data', take).on('end', complete).on('close', broken).on('error', broken);
    });
  }

  async #inflate(decode: (typeof DECODERS)['gzip'], raw: Buffer): Promise<Buffer> {
    const { bodyBytes } = this.#limits;
    try {
      return await decode(raw, { maxOutputLength: bodyBytes });
    } catch (error) {
      const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      throw isTooLarge
        ? tooLarge(bodyBytes)
        : requestError(400, 'the body is not what its content-encoding says');
    }
  }

  /** The largest goes first: many large ones that come slowly must not keep the small ones out. */
  #makeRoom(): void {
    if (this.#held <= this.#limits.heldBodyBytes) return;
    let largest: Coming | undefined;
    for (const coming of this.#coming) {
      if (largest === undefined || coming.bytes > largest.bytes) largest = coming;
    }
    largest?.refuse(unavailable(new Error('too much of bodies is held')));
  }
}

function decoderOf(encoding: string | undefined): (typeof DECODERS)['gzip'] | undefined {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === '' || name === 'identity') return undefined;
  if (Object.hasOwn(DECODERS, name)) return DECODERS[name as keyof typeof DECODERS];
  throw requestError(415, 'the content encoding must be gzip, deflate or br', {
    headers: { 'accept-encoding': Object.keys(DECODERS).join(', ') },
  });
}

function tooLarge(bytes: number): Error {
  return requestError(413, `a body has at most ${bytes} bytes`);
}
