import type { View } from "../view.ts";

/** The text that a component has put on its machines at a path; where there is none, all that it puts there. */
export function stagedText(props: View, path: string): View {
  const files = props.at("files");
  return (
    files
      .items("files")
      .find((one) => one.string("path") === path)
      ?.at("content", "text") ?? files
  );
}
