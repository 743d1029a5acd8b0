import { spawn } from "node:child_process";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { join } from "node:path";
import { filesFolder } from "../../../images/files.ts";

/** A request that the simulated AWS was sent. */
export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * A simulated metadata service, Secrets Manager, Auto Scaling and CloudWatch behind one port of this host: for tests of the
 * programs that machines on AWS run, and for nothing else.
 */
export class SimulatedAws {
  readonly asked: Request[] = [];
  /** What a machine's metadata says, by path; changed while a test goes on. */
  readonly metadata = new Map<string, string>([
    ["iam/security-credentials/", "logos-dev-node"],
    [
      "iam/security-credentials/logos-dev-node",
      JSON.stringify({ AccessKeyId: "ASIATEST", SecretAccessKey: "canary/secret+key", Token: "canary-session==" }),
    ],
    ["instance-id", "i-0123456789abcdef0"],
    ["local-ipv4", "10.83.0.130"],
  ]);
  /** Status and text of the next answers of the services; when there is none, `answer` says. */
  readonly next: [number, string][] = [];
  answer: (request: Request) => [number, string] = () => [200, "<ok/>"];
  #server: Server | undefined;
  #port = 0;

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        const [status, text] = this.#answer({ method, url, headers, body });
        response.writeHead(status).end(text);
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("no port");
    this.#port = address.port;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Requests to services, in order; those to the metadata service are not among them. */
  get calls(): readonly Request[] {
    return this.asked.filter(({ url }) => !url.startsWith("/latest/"));
  }

  #answer(request: Request): [number, string] {
    this.asked.push(request);
    const { method, url, headers } = request;
    if (url === "/latest/api/token") return method === "PUT" ? [200, "metadata-token"] : [405, ""];
    if (!url.startsWith("/latest/meta-data/")) return this.next.shift() ?? this.answer(request);
    if (headers["x-aws-ec2-metadata-token"] !== "metadata-token") return [401, ""];
    const found = this.metadata.get(url.slice("/latest/meta-data/".length));
    return found === undefined ? [404, ""] : [200, found];
  }
}

/** Runs a program of the tree `aws` to its end. */
export function runProgram(
  program: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn("sh", [join(filesFolder, "aws/usr/lib/logos", program)], {
    env: { PATH: process.env.PATH, LOGOS_REGION: "eu-central-1", ...environment },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, text })));
}
