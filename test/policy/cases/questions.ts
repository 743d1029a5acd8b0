import { rules } from "../../../policies/rules/all.ts";
import type { controls } from "./controls.ts";
import { type Cases, type Failing, type Judged, judge, type Scene } from "./kit.ts";

/** What is asked of a rule by its cases; answered by what it does otherwise, scene by scene. */
export interface Question {
  readonly what: string;
  readonly wrong: (cases: Cases) => AsyncIterable<string>;
}

const undecided = "cannot be decided until";

export const questions: readonly Question[] = [
  {
    what: "lets pass what is right",
    wrong: async function* (cases) {
      for (const scene of cases.passes) yield* wrongPass(cases, scene);
    },
  },
  {
    what: "refuses what is wrong, and says how to mend it",
    wrong: async function* (cases) {
      for (const one of cases.fails) yield* wrongRefusal(cases, one);
    },
  },
  {
    what: "does not let pass what it cannot decide",
    wrong: async function* (cases) {
      for (const one of cases.unknown) {
        const judged = await found(cases, one.scene);
        for (const { message } of judged) if (!message.includes(undecided)) yield `${message} ${show(one.scene)}`;
        yield* wrongPlaces(judged, one);
      }
      for (const scene of cases.later) yield* wrongPass(cases, scene);
    },
  },
  {
    what: "knows what the cloud makes of what is left out",
    wrong: async function* (cases) {
      for (const [one, verdict] of cases.omitted)
        yield* verdict === "passes" ? wrongPass(cases, one.scene) : wrongRefusal(cases, one);
    },
  },
  {
    what: "refuses the same through other tokens",
    wrong: async function* (cases) {
      if (typeof cases.twins !== "string") for (const one of cases.twins) yield* wrongRefusal(cases, one);
    },
  },
];

/** What the rules that a negative control names have against it all the same. */
export async function* wrongControl([, scene, ids, config]: (typeof controls)[number]): AsyncGenerator<string> {
  for (const id of ids) {
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) throw new Error(`no rule ${id}`);
    for (const { message } of await judge(rule, scene, config ?? { profile: "standard" })) yield `${id}: ${message}`;
  }
}

export async function all(wrong: AsyncIterable<string>): Promise<readonly string[]> {
  const said: string[] = [];
  for await (const one of wrong) said.push(one);
  return said;
}

function found({ rule, config }: Cases, scene: Scene): Promise<readonly Judged[]> {
  return judge(rule, scene, config);
}

async function* wrongPass(cases: Cases, scene: Scene): AsyncGenerator<string> {
  for (const { message } of await found(cases, scene)) yield `${message} ${show(scene)}`;
}

async function* wrongRefusal(cases: Cases, one: Failing): AsyncGenerator<string> {
  const definite = (await found(cases, one.scene)).filter((judged) => !judged.undecided);
  for (const { message } of definite) if (!/\. \S/.test(message)) yield `does not say how to mend it: ${message}`;
  yield* wrongPlaces(definite, one);
}

/** Something is found, and, where the case says so, there and nowhere else. */
function* wrongPlaces(judged: readonly Judged[], { scene, places }: Failing): Generator<string> {
  const named = JSON.stringify(judged.map(({ place }) => place).toSorted());
  if (places === undefined ? judged.length === 0 : named !== JSON.stringify(places.toSorted()))
    yield `found ${named} and not ${JSON.stringify(places ?? "anything")} in ${show(scene)}`;
}

function show(scene: Scene): string {
  return JSON.stringify(scene).slice(0, 600);
}
