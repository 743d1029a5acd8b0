/** One key of Slurm's own authentication (auth/slurm). */
export interface SlurmKey {
  readonly kid: string;
  /** Key bytes in standard base64. */
  readonly base64: string;
  /** The key that new tokens are signed with; exactly one key of a set is it. */
  readonly default: boolean;
}

/**
 * The `slurm.jwks` file: every key is accepted, the default one signs, so that a key is exchanged under running jobs in
 * three steps (add, make default, remove the old).
 * @throws Error when not exactly one key is the default or two keys share an id.
 */
export function renderSlurmJwks(keys: readonly SlurmKey[]): string {
  if (keys.filter((key) => key.default).length !== 1) {
    throw new Error(`slurm.jwks: exactly one of ${keys.length} keys must be the default`);
  }
  if (new Set(keys.map((key) => key.kid)).size !== keys.length) throw new Error("slurm.jwks: key ids must differ");
  const rendered = keys.map((key) => ({
    alg: "HS256",
    kty: "oct",
    kid: key.kid,
    k: Buffer.from(key.base64, "base64").toString("base64url"),
    ...(key.default ? { use: "default" } : {}),
  }));
  return `${JSON.stringify({ keys: rendered })}\n`;
}
