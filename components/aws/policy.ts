import * as pulumi from "@pulumi/pulumi";
import type { Account } from "./account.ts";

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
  principal: { readonly Service: string } | { readonly AWS: readonly string[] },
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

const useKey = ["kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

/** Statement of a key's policy: the account says by its own policies who may do what. Without it nobody could. */
export function ownedByAccount(account: Account): Statement {
  return {
    Sid: "AccountDecides",
    Effect: "Allow",
    Principal: { AWS: account.arn("iam", "root") },
    Action: "kms:*",
    Resource: "*",
  };
}

/** Statement of a key's policy: services of AWS use it, where the condition holds. */
export function usedByServices(
  sid: string,
  services: readonly string[],
  condition: NonNullable<Statement["Condition"]>,
): Statement {
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: { Service: services },
    Action: useKey,
    Resource: "*",
    Condition: condition,
  };
}

/** Statement of a key's policy: the log groups of this stack are encrypted with it. */
export function usedByLogs(account: Account): Statement {
  return usedByServices("LogsUseKey", [`logs.${account.settings.region}.amazonaws.com`], {
    ArnLike: { "kms:EncryptionContext:aws:logs:arn": account.arn("logs", `log-group:${account.logGroup}*`) },
  });
}

/** Statement of a key's policy: a role uses it like every user of it. */
export function usedByRole(sid: string, role: pulumi.Input<string>): Statement {
  return { Sid: sid, Effect: "Allow", Principal: { AWS: role }, Action: useKey, Resource: "*" };
}
