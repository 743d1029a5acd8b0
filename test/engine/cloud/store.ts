/**
 * The state of a simulated cloud: one SQLite file that every provider process of a run shares. Each operation is one transaction, so
 * that a kill at any moment leaves it done or not done, never half.
 */
import { createHash } from "node:crypto";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type Crash, type CrashPhase, crashPhases, type Fault, type ReachedCrash } from "./faults.ts";
import type { CloudView, Live, Standing } from "./view.ts";

const tables = `
  CREATE TABLE IF NOT EXISTS resource (
    key INTEGER PRIMARY KEY AUTOINCREMENT, package TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
    logical TEXT NOT NULL, inputs TEXT NOT NULL, outputs TEXT NOT NULL, live TEXT NOT NULL, known_at REAL NOT NULL);
  CREATE TABLE IF NOT EXISTS handle (
    resource INTEGER NOT NULL REFERENCES resource ON DELETE CASCADE, type TEXT NOT NULL, value TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS handle_value ON handle (value);
  CREATE TABLE IF NOT EXISTS edge (
    source INTEGER NOT NULL REFERENCES resource ON DELETE CASCADE, target INTEGER NOT NULL, path TEXT NOT NULL, holds INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS edge_target ON edge (target);
  CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS fault (
    key INTEGER PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL, operation TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
    remaining INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS crash (at INTEGER PRIMARY KEY, phase TEXT NOT NULL, reached INTEGER);
  CREATE TABLE IF NOT EXISTS operation (
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, type TEXT NOT NULL, logical TEXT NOT NULL, resource TEXT);
  CREATE TABLE IF NOT EXISTS group_size (key INTEGER PRIMARY KEY AUTOINCREMENT, resource INTEGER NOT NULL, members INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS host (address TEXT PRIMARY KEY, is_public INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS run (key INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, host TEXT NOT NULL);
`;

export interface NewResource {
  readonly package: string;
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly logicalName: string;
  readonly inputs: object;
  readonly outputs: object;
  readonly live: Live;
  /** Milliseconds since 1970 from which the rest of the cloud knows it. */
  readonly knownAt: number;
}

interface ResourceRecord {
  key: number;
  package: string;
  type: string;
  id: string;
  name: string;
  logical: string;
  inputs: string;
  outputs: string;
  live: string;
  known_at: number;
}

export class CloudStore implements CloudView {
  readonly #db: DatabaseSync;

  /** @param file made when it is not there. */
  constructor(file: string) {
    this.#db = new DatabaseSync(file, { timeout: 20_000 });
    // What a killed process has committed is in the log, which the next one reads; only a power cut could lose it.
    this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;");
    this.#db.exec(tables);
  }

  close(): void {
    this.#db.close();
  }

  /** Everything in `work` happens, or nothing does. One at a time over all processes. */
  transaction<T>(work: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  find(types: string | readonly string[], handle: string): Standing | undefined {
    const wanted = typeof types === "string" ? [types] : types;
    const marks = wanted.map(() => "?").join(", ");
    return this.#standing(
      `SELECT r.* FROM resource r JOIN handle h ON h.resource = r.key WHERE h.value = ? AND r.type IN (${marks}) LIMIT 1`,
      handle,
      ...wanted,
    );
  }

  byId(type: string, id: string): Standing | undefined {
    return this.#standing("SELECT * FROM resource WHERE type = ? AND id = ?", type, id);
  }

  byKey(key: number): Standing | undefined {
    return this.#standing("SELECT * FROM resource WHERE key = ?", key);
  }

  all(type: string): readonly Standing[] {
    return this.#standings("SELECT * FROM resource WHERE type = ? ORDER BY key", type);
  }

  everything(): readonly Standing[] {
    return this.#standings("SELECT * FROM resource ORDER BY key");
  }

  referrers(standing: Standing): readonly Standing[] {
    return this.#standings(
      "SELECT DISTINCT r.* FROM resource r JOIN edge e ON e.source = r.key WHERE e.target = ?",
      standing.key,
    );
  }

  /** Those that keep this one from going. */
  holders(standing: Standing): readonly Standing[] {
    return this.#standings(
      "SELECT DISTINCT r.* FROM resource r JOIN edge e ON e.source = r.key WHERE e.target = ? AND e.holds = 1",
      standing.key,
    );
  }

  referred(standing: Standing): readonly Standing[] {
    return this.#standings(
      "SELECT DISTINCT r.* FROM resource r JOIN edge e ON e.target = r.key WHERE e.source = ?",
      standing.key,
    );
  }

  remember(standing: Standing, live: Live): void {
    this.#run(
      "UPDATE resource SET live = ? WHERE key = ?",
      JSON.stringify({ ...standing.live, ...live }),
      standing.key,
    );
    if (live.members !== undefined) this.noteSize(standing.key, live.members.length);
  }

  /** Milliseconds since 1970 from which the rest of the cloud knows it. */
  knownAt(standing: Standing): number {
    return Number(this.#row("SELECT known_at FROM resource WHERE key = ?", standing.key)?.known_at ?? 0);
  }

  add(resource: NewResource): number {
    const { lastInsertRowid } = this.#run(
      "INSERT INTO resource (package, type, id, name, logical, inputs, outputs, live, known_at) VALUES (?,?,?,?,?,?,?,?,?)",
      resource.package,
      resource.type,
      resource.id,
      resource.name,
      resource.logicalName,
      JSON.stringify(resource.inputs),
      JSON.stringify(resource.outputs),
      JSON.stringify(resource.live),
      resource.knownAt,
    );
    return Number(lastInsertRowid);
  }

  change(key: number, inputs: object, outputs: object): void {
    this.#run(
      "UPDATE resource SET inputs = ?, outputs = ? WHERE key = ?",
      JSON.stringify(inputs),
      JSON.stringify(outputs),
      key,
    );
  }

  remove(key: number): void {
    this.#run("DELETE FROM resource WHERE key = ?", key);
  }

  setHandles(key: number, type: string, values: readonly string[]): void {
    this.#run("DELETE FROM handle WHERE resource = ?", key);
    for (const value of new Set(values)) this.#run("INSERT INTO handle VALUES (?, ?, ?)", key, type, value);
  }

  setEdges(key: number, edges: readonly { target: number; path: string; holds: boolean }[]): void {
    this.#run("DELETE FROM edge WHERE source = ?", key);
    for (const { target, path, holds } of edges)
      this.#run("INSERT INTO edge VALUES (?, ?, ?, ?)", key, target, path, holds ? 1 : 0);
  }

  /** Has everything that settles take so long, in milliseconds, for a test that must come before. */
  setSettling(milliseconds: number): void {
    this.#run("INSERT OR REPLACE INTO counter VALUES ('settling', ?)", milliseconds);
  }

  settling(): number | undefined {
    const found = this.#row("SELECT value FROM counter WHERE name = 'settling'");
    return found === undefined ? undefined : Number(found.value);
  }

  /** So many hexadecimal digits that this store has not given under that prefix. */
  fresh(prefix: string, digits: number): string {
    const count = this.#count(`fresh ${prefix}`);
    return `${prefix}${createHash("sha256").update(`${prefix} ${count}`).digest("hex").slice(0, digits)}`;
  }

  /** The next operation's number, and the crash that waits for it; `stopped` where one has been reached before it. */
  begin(
    kind: string,
    type: string,
    logicalName: string,
  ): { readonly number: number; readonly crash: CrashPhase | "stopped" | undefined } {
    const { lastInsertRowid } = this.#run(
      "INSERT INTO operation (kind, type, logical) VALUES (?, ?, ?)",
      kind,
      type,
      logicalName,
    );
    const number = Number(lastInsertRowid);
    if (this.crashReached() !== undefined) return { number, crash: "stopped" };
    const phase = this.#row("SELECT phase FROM crash WHERE at = ? AND reached IS NULL", number)?.phase;
    return { number, crash: crashPhases.find((known) => known === phase) };
  }

  reachCrash(number: number): void {
    this.#run("UPDATE crash SET reached = 1 WHERE at = ?", number);
  }

  /** What the provider that met the planned crash was doing, once it has. */
  crashReached(): ReachedCrash | undefined {
    const found = this.#row(
      "SELECT c.phase, o.kind, o.type, o.logical FROM crash c JOIN operation o ON o.number = c.at WHERE c.reached = 1",
    );
    const phase = crashPhases.find((known) => known === found?.phase);
    if (found === undefined || phase === undefined) return undefined;
    return { phase, kind: String(found.kind), type: String(found.type), logicalName: String(found.logical) };
  }

  planCrash({ at, phase }: Crash): void {
    this.#run("INSERT OR REPLACE INTO crash (at, phase) VALUES (?, ?)", at, phase);
  }

  clearCrashes(): void {
    this.#run("DELETE FROM crash");
  }

  operations(): number {
    return Number(this.#row("SELECT COALESCE(MAX(number), 0) AS n FROM operation")?.n ?? 0);
  }

  /** What was asked of the cloud since an operation's number, for messages. */
  operationsSince(number: number): readonly string[] {
    return this.#rows("SELECT kind, type, logical FROM operation WHERE number > ? ORDER BY number", number).map(
      ({ kind, type, logical }) => `${kind} ${type} ${logical}`,
    );
  }

  addFault({ type, name = "*", operation, kind, text = "", times }: Fault): void {
    this.#run(
      "INSERT INTO fault (type, name, operation, kind, text, remaining) VALUES (?, ?, ?, ?, ?, ?)",
      type,
      name,
      operation,
      kind,
      text,
      times,
    );
  }

  clearFaults(): void {
    this.#run("DELETE FROM fault");
  }

  /** Takes one strike off a fault that fits, if there is one. */
  strike(operation: Fault["operation"], type: string, logicalName: string): { kind: string; text: string } | undefined {
    const found = this.#row(
      `SELECT * FROM fault WHERE remaining > 0 AND operation = ? AND type IN (?, '*') AND ? GLOB name ORDER BY key LIMIT 1`,
      operation,
      type,
      logicalName,
    );
    if (found === undefined) return undefined;
    this.#run("UPDATE fault SET remaining = remaining - 1 WHERE key = ?", Number(found.key));
    return { kind: String(found.kind), text: String(found.text) };
  }

  /** Notes how many machines a group has at this moment, so that a test can look for the least. */
  noteSize(key: number, members: number): void {
    this.#run("INSERT INTO group_size (resource, members) VALUES (?, ?)", key, members);
  }

  /** The numbers of machines that a group had, in order, from a mark on. */
  sizes(key: number, since = 0): readonly number[] {
    return this.#rows("SELECT members FROM group_size WHERE resource = ? AND key > ? ORDER BY key", key, since).map(
      ({ members }) => Number(members),
    );
  }

  sizeMark(): number {
    return Number(this.#row("SELECT COALESCE(MAX(key), 0) AS n FROM group_size")?.n ?? 0);
  }

  /** A server that no cloud made: bare metal, or the near end of a tunnel. A public one is reached without a bastion. */
  setHost(address: string, isPublic: boolean): void {
    this.#run("INSERT OR REPLACE INTO host VALUES (?, ?)", address, isPublic ? 1 : 0);
  }

  host(address: string): { readonly isPublic: boolean } | undefined {
    const found = this.#row("SELECT is_public FROM host WHERE address = ?", address);
    return found === undefined ? undefined : { isPublic: found.is_public === 1 };
  }

  noteRun(name: string, host: string): void {
    this.#run("INSERT INTO run (name, host) VALUES (?, ?)", name, host);
  }

  /** Names of the commands that succeeded, in order. */
  runs(): readonly string[] {
    return this.#rows("SELECT name FROM run ORDER BY key").map(({ name }) => String(name));
  }

  #count(name: string): number {
    this.#run("INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1", name);
    return Number(this.#row("SELECT value FROM counter WHERE name = ?", name)?.value);
  }

  #run(sql: string, ...values: SQLInputValue[]) {
    return this.#db.prepare(sql).run(...values);
  }

  #row(sql: string, ...values: SQLInputValue[]) {
    return this.#db.prepare(sql).get(...values);
  }

  #rows(sql: string, ...values: SQLInputValue[]) {
    return this.#db.prepare(sql).all(...values);
  }

  #standing(sql: string, ...values: SQLInputValue[]): Standing | undefined {
    return this.#standings(sql, ...values)[0];
  }

  #standings(sql: string, ...values: SQLInputValue[]): readonly Standing[] {
    return this.#rows(sql, ...values).map((row) => standingOf(recordOf(row)));
  }
}

function standingOf(record: ResourceRecord): Standing {
  const { key, type, id, name, logical } = record;
  return {
    key,
    package: record.package,
    type,
    id,
    name,
    logicalName: logical,
    inputs: JSON.parse(record.inputs),
    outputs: JSON.parse(record.outputs),
    live: JSON.parse(record.live),
  };
}

function recordOf(row: Record<string, unknown>): ResourceRecord {
  const text = (name: string) => String(row[name]);
  return {
    key: Number(row.key),
    package: text("package"),
    type: text("type"),
    id: text("id"),
    name: text("name"),
    logical: text("logical"),
    inputs: text("inputs"),
    outputs: text("outputs"),
    live: text("live"),
    known_at: Number(row.known_at),
  };
}
