/**
 * What an SDK's own type declarations say about a resource: which inputs it takes, at any depth, which of them it cannot do
 * without, and which outputs it always has. Read from the package in `node_modules`, so that it is as new as the SDK itself.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type ts from "typescript";

/** What a property may hold, as far as the declarations say. `any` is whatever they leave open. */
export type Kind =
  | { readonly is: "any" }
  | { readonly is: "text" | "number" | "flag" }
  | { readonly is: "list" | "map"; readonly of: Kind }
  | { readonly is: "object"; readonly name: string }
  | { readonly is: "union"; readonly of: readonly Kind[] };

export interface Field {
  readonly optional: boolean;
  readonly kind: Kind;
}
export type Fields = Readonly<Record<string, Field>>;

export interface ResourceShape {
  readonly inputs: Fields;
  /** Outputs by name; `optional` where the SDK says that it may be absent. */
  readonly outputs: Fields;
  /** The object types that the inputs lead to, by name. */
  readonly objects: Readonly<Record<string, Fields>>;
}

const root = fileURLToPath(new URL("../../..", import.meta.url));
const cache = join(root, "build/engine/shapes");
/** Part of the cache's name, so that a change of this file reads the declarations anew. */
const reader = createHash("sha256")
  .update(readFileSync(import.meta.filename))
  .digest("hex")
  .slice(0, 8);

/** The version of an installed `@pulumi` package: what its SDK asks the engine for. */
export function sdkVersion(packageName: string): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(sdkFolder(packageName), "package.json"), "utf8"),
  );
  return version.replace(/^v/, "");
}

/**
 * The shape of a resource, or undefined when the SDK has no such type.
 * @param token for example `aws:ec2/instance:Instance`, `azure-native:compute:Disk`
 */
export async function resourceShape(token: string): Promise<ResourceShape | undefined> {
  const [packageName = "", module = "", typeName = ""] = token.split(":");
  const named = declarationFile(module, typeName);
  // `projects/iAMMember` of a token is `projects/iammember` among the files.
  const file = [named, named.replace(/(?<=\/)iAM[A-Z]/, (start) => start.toLowerCase())]
    .map((path) => join(sdkFolder(packageName), path))
    .find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const folder = join(cache, `${packageName}-${sdkVersion(packageName)}-${reader}`);
  const cached = join(folder, `${token.replaceAll(/[:/]/g, "_")}.json`);
  if (existsSync(cached)) return JSON.parse(readFileSync(cached, "utf8"));

  // The compiler is loaded only when there is something to read.
  const compiler = (await import("typescript")).default;
  const shape = readShape(compiler, packageName, file, typeName);
  mkdirSync(folder, { recursive: true });
  const draft = `${cached}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(shape));
  renameSync(draft, cached);
  return shape;
}

function sdkFolder(packageName: string): string {
  return join(root, "node_modules/@pulumi", packageName);
}

/** `ec2/instance` + `Instance` and `compute` + `Disk` both name `…/instance.d.ts`, `compute/disk.d.ts`; `index/x` the root. */
function declarationFile(module: string, typeName: string): string {
  if (module.includes("/")) return `${module.replace(/^index\//, "")}.d.ts`;
  return `${module === "index" ? "" : `${module}/`}${typeName.charAt(0).toLowerCase()}${typeName.slice(1)}.d.ts`;
}

function readShape(compiler: typeof ts, packageName: string, file: string, typeName: string): ResourceShape {
  const source = compiler.createSourceFile(file, readFileSync(file, "utf8"), compiler.ScriptTarget.Latest);
  let inputs: Fields = {};
  const outputs: Record<string, Field> = {};
  for (const statement of source.statements) {
    if (compiler.isInterfaceDeclaration(statement) && statement.name.text === `${typeName}Args`)
      inputs = fieldsOf(compiler, statement);
    if (compiler.isClassDeclaration(statement) && statement.name?.text === typeName)
      for (const member of statement.members)
        if (compiler.isPropertyDeclaration(member) && compiler.isIdentifier(member.name) && member.type !== undefined)
          outputs[member.name.text] = fieldOf(compiler, member.type, false);
  }
  const objects: Record<string, Fields> = {};
  const declared = new Declarations(join(sdkFolder(packageName), "types/input.d.ts"));
  const wanted = [...namesIn(inputs)];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (name in objects) continue;
    const text = declared.textOf(name);
    if (text === undefined)
      throw new Error(`${file} speaks of inputs.${name}, which types/input.d.ts does not declare`);
    const [found] = compiler.createSourceFile("input.ts", text, compiler.ScriptTarget.Latest).statements;
    if (found === undefined || !compiler.isInterfaceDeclaration(found))
      throw new Error(`inputs.${name} is no interface`);
    const fields = fieldsOf(compiler, found);
    objects[name] = fields;
    wanted.push(...namesIn(fields));
  }
  return { inputs, outputs, objects };
}

/**
 * The interfaces of a package's `types/input.d.ts`, by name with namespace. The file is machine-written and has up to 175,000
 * lines: it is cut by its lines, which takes 50 ms, where parsing it takes 2 s.
 */
class Declarations {
  readonly #text: string;
  readonly #starts = new Map<string, number>();

  constructor(file: string) {
    this.#text = readFileSync(file, "utf8");
    let namespace = "";
    for (const match of this.#text.matchAll(
      /^export declare namespace (?<space>\w+) \{$|^(?:export| {3}) interface (?<name>\w+) \{$|^\}$/gm,
    )) {
      const { space, name } = match.groups ?? {};
      if (name !== undefined) this.#starts.set(namespace === "" ? name : `${namespace}.${name}`, match.index);
      else namespace = space ?? "";
    }
  }

  textOf(name: string): string | undefined {
    const start = this.#starts.get(name);
    if (start === undefined) return undefined;
    const close = name.includes(".") ? "\n    }\n" : "\n}\n";
    return this.#text.slice(start, this.#text.indexOf(close, start) + close.length);
  }
}

function fieldsOf(compiler: typeof ts, declaration: ts.InterfaceDeclaration): Fields {
  const fields: Record<string, Field> = {};
  for (const member of declaration.members) {
    if (!compiler.isPropertySignature(member) || member.type === undefined) continue;
    const name =
      compiler.isIdentifier(member.name) || compiler.isStringLiteral(member.name) ? member.name.text : undefined;
    if (name !== undefined) fields[name] = fieldOf(compiler, member.type, member.questionToken !== undefined);
  }
  return fields;
}

function fieldOf(compiler: typeof ts, type: ts.TypeNode, marked: boolean): Field {
  let sawUndefined = false;
  const kind = kindOf(type);
  return { optional: marked || sawUndefined, kind };

  function kindOf(node: ts.TypeNode): Kind {
    if (compiler.isParenthesizedTypeNode(node)) return kindOf(node.type);
    if (compiler.isArrayTypeNode(node)) return { is: "list", of: kindOf(node.elementType) };
    if (compiler.isUnionTypeNode(node)) return unionOf(node.types.filter(isValue).map(kindOf));
    if (compiler.isTypeLiteralNode(node)) return mapOf(node);
    if (compiler.isTypeReferenceNode(node)) return referenceOf(node);
    if (node.kind === compiler.SyntaxKind.StringKeyword) return { is: "text" };
    if (node.kind === compiler.SyntaxKind.NumberKeyword) return { is: "number" };
    if (node.kind === compiler.SyntaxKind.BooleanKeyword) return { is: "flag" };
    if (compiler.isLiteralTypeNode(node) && compiler.isStringLiteral(node.literal)) return { is: "text" };
    return { is: "any" };
  }

  function isValue(node: ts.TypeNode): boolean {
    if (node.kind !== compiler.SyntaxKind.UndefinedKeyword) return true;
    sawUndefined = true;
    return false;
  }

  function mapOf(node: ts.TypeLiteralNode): Kind {
    const [member] = node.members;
    if (member !== undefined && compiler.isIndexSignatureDeclaration(member))
      return { is: "map", of: kindOf(member.type) };
    return { is: "any" };
  }

  function referenceOf(node: ts.TypeReferenceNode): Kind {
    const name = entityName(compiler, node.typeName);
    const [argument] = node.typeArguments ?? [];
    if (/^pulumi\.(Input|Output)$/.test(name) && argument !== undefined) return kindOf(argument);
    if (name.startsWith("inputs.")) return { is: "object", name: name.slice("inputs.".length) };
    // An enumeration's members, a resource in place of its name, an asset: nothing to look into.
    return name.startsWith("enums.") ? { is: "text" } : { is: "any" };
  }
}

function unionOf(kinds: readonly Kind[]): Kind {
  const [only] = kinds;
  return kinds.length === 1 && only !== undefined ? only : { is: "union", of: kinds };
}

function entityName(compiler: typeof ts, name: ts.EntityName): string {
  return compiler.isIdentifier(name) ? name.text : `${entityName(compiler, name.left)}.${name.right.text}`;
}

function* namesIn(fields: Fields): Generator<string> {
  for (const { kind } of Object.values(fields)) yield* namesOf(kind);
}

function* namesOf(kind: Kind): Generator<string> {
  if (kind.is === "object") yield kind.name;
  else if (kind.is === "list" || kind.is === "map") yield* namesOf(kind.of);
  else if (kind.is === "union") for (const member of kind.of) yield* namesOf(member);
}
