import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { messageOf } from "../../core/errors.ts";
import { type Allocation, mayWrite, type Piece, parsePath, pieceLimit } from "../../core/jobs/log.ts";
import { parseJobRecord } from "../../core/jobs/record.ts";
import { Malformed } from "../../core/json.ts";
import { errorCode } from "../failure.ts";
import type { LogStore } from "./log-store.ts";

/** How long an answer of the scheduler about who may write is good for, in milliseconds: pieces come five times a second. */
const trustMs = 2000;

/**
 * Takes pieces of output and records, and gives a later attempt the record of an earlier one. Answers 200 with the number of bytes it has, 400 for what it does not understand, 403
 * to a sender whose attempt is over, 503 when Slurm could not be asked, 507 when this disk is full.
 * @param allocationOf what Slurm says of a job now; undefined for an unknown one. May throw: then nothing is taken.
 */
export function logServer(
  store: LogStore,
  allocationOf: (job: number) => Promise<Allocation | undefined>,
  log: (line: string) => void,
): Server {
  const trusted = new Map<string, number>();
  const admit = async (piece: Piece, from: string): Promise<"yes" | "later" | "never"> => {
    const key = `${piece.job}/${piece.attempt}/${from}`;
    if (piece.part === "output" && (trusted.get(key) ?? 0) > Date.now()) return "yes";
    const answer = mayWrite(piece, from, await allocationOf(piece.job));
    if (trusted.size > 10_000) trusted.clear();
    if (answer === "yes") trusted.set(key, Date.now() + trustMs);
    else trusted.delete(key);
    return answer;
  };
  return createServer((request, response) => {
    take(request, store, admit).then(
      ({ code, body }) => end(response, code, body),
      (error: unknown) => {
        log(`${request.url}: ${messageOf(error)}`);
        end(response, errorCode(error) === "ENOSPC" ? 507 : 503, { error: messageOf(error) });
      },
    );
  });
}

interface Answer {
  readonly code: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function take(
  request: IncomingMessage,
  store: LogStore,
  admit: (piece: Piece, from: string) => Promise<"yes" | "later" | "never">,
): Promise<Answer> {
  const { method, url = "" } = request;
  const piece = method === "PUT" || method === "GET" ? parsePath(url) : undefined;
  if (piece === undefined || (method === "GET" && piece.part !== "record"))
    return { code: 400, body: { error: "no such thing is taken here" } };
  const body = await readBody(request);
  if (body === undefined) return { code: 413, body: { error: `more than ${pieceLimit} bytes` } };
  const admitted = await admit(piece, request.socket.remoteAddress ?? "");
  if (admitted === "later") return { code: 503, body: { error: "Slurm does not have this attempt running yet" } };
  if (admitted === "never") return { code: 403, body: { error: "this attempt is over, or runs elsewhere" } };
  if (method === "GET") return standing(store, piece);
  if (piece.part === "output")
    return { code: 200, body: { have: store.append(piece.job, piece.attempt, piece.offset, body) } };
  try {
    const record = parseJobRecord(body.toString("utf8"), "record");
    if (record.job !== piece.job || record.attempt !== piece.attempt)
      return { code: 400, body: { error: "the record is of another job" } };
    store.record(record);
    return { code: 200, body: { have: body.length } };
  } catch (error) {
    if (error instanceof Malformed) return { code: 400, body: { error: error.message } };
    throw error;
  }
}

/** The record of an attempt before this one, 404 when none came to its end. */
function standing(store: LogStore, { job, attempt }: Piece): Answer {
  const record = store.lastRecord(job, attempt);
  return record === undefined
    ? { code: 404, body: { error: "no attempt has ended" } }
    : { code: 200, body: { ...record } };
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new Error("the request has an encoding");
    length += chunk.length;
    if (length > pieceLimit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function end(response: ServerResponse, code: number, body: Answer["body"]): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
