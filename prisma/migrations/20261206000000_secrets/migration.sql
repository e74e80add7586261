-- D16: which key each secret is encrypted with, for the start, which says what cannot be read, and for the rotation, which goes
-- through what another key than the newest encrypted. An envelope names its key in its second part (src/secrets/keyring.ts).
CREATE INDEX "config_secret_key_idx" ON "config" (split_part("ciphertext", '.', 2), "id") WHERE "ciphertext" IS NOT NULL;
