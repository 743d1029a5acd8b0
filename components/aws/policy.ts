import * as pulumi from "@pulumi/pulumi";

/** One statement of an IAM policy, in the words that IAM uses. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>;
  readonly Action: string | readonly string[];
  /** Absent where a role itself is what the policy is about. */
  readonly Resource?: pulumi.Input<string> | readonly pulumi.Input<string>[];
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>>
  >;
}

/** A policy as text: plain where everything in it is known, so that a preview shows it whole. */
export function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.output(statements).apply((known) => JSON.stringify({ Version: "2012-10-17", Statement: known }));
}

/** Who may take on a role: a service, or principals of an account. */
export function assumedBy(
  principal: { readonly Service: string } | { readonly AWS: string },
  condition?: Statement["Condition"],
): pulumi.Output<string> {
  return policyDocument([
    {
      Sid: "AssumeRole",
      Effect: "Allow",
      Principal: principal,
      Action: "sts:AssumeRole",
      ...(condition === undefined ? {} : { Condition: condition }),
    },
  ]);
}
