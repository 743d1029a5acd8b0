import { attempt, each, type Outcome, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { matches, statementsOf } from "../documents.ts";
import { isBastion } from "../ingress/flow.ts";

/** Rights by which a cloud's own services open a shell on a machine, beside SSH. Who may use the bastion's tunnel is the bastion's. */

const shellActions = [
  "ssm:StartSession",
  "ssm:ResumeSession",
  "ssm:SendCommand",
  "ssmmessages:OpenDataChannel",
  "ec2-instance-connect:SendSSHPublicKey",
  "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
  "ec2-instance-connect:OpenTunnel",
];
const shellPolicies = /\/(AmazonSSM(?!ReadOnlyAccess|PatchAssociation)\w*|AmazonEC2RoleforSSM|EC2InstanceConnect)$/;
const shellServices = /\.(ssm|ssmmessages|ec2messages|ec2-instance-connect)$/;
const shellRoles = /^roles\/(iap\.tunnelResourceAccessor|compute\.os(Admin)?Login|compute\.osLoginExternalUser)$/;
/** Virtual Machine Administrator Login, Virtual Machine User Login. */
const shellDefinitions = /(1c0163c0-47e6-4577-8991-ea5c82e286e4|fb879df8-f326-4884-b1cf-06f3ad86be52)$/i;

/** The same in a role of the stack's own, and what runs commands or opens the serial line. I10 refuses those of wildcards. */
const shellOperations =
  /^Microsoft\.(HybridCompute\/machines|Compute\/virtualMachine(s|ScaleSets\/virtualMachines))\/(login|loginAsAdmin|runCommands?)\/|^Microsoft\.SerialConsole\//i;

export const sideDoors: NonNullable<Rule["checks"]> = {
  ...each(
    [
      "aws:iam/policy:Policy",
      "aws:iam/rolePolicy:RolePolicy",
      "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
    ],
    function* ({ props }) {
      for (const key of ["policy", "inlinePolicy"]) yield* refuseActions(props.at(key));
    },
  ),
  "aws:iam/role:Role": function* ({ props }) {
    for (const one of props.items("inlinePolicies")) yield* refuseActions(one.at("policy"));
    for (const arn of props.items("managedPolicyArns")) yield* refuse(arn, shellPolicies);
  },
  ...each(
    [
      "aws:iam/policyAttachment:PolicyAttachment",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    ],
    function* ({ props }) {
      for (const arn of [...props.items("policyArn"), ...props.items("policyArns")]) yield* refuse(arn, shellPolicies);
    },
  ),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ({ props }) => refuse(props.at("serviceName"), shellServices),
  ...each(
    ["projects", "folder", "organizations"].flatMap((level) => [
      `gcp:${level}/iAMMember:IAMMember`,
      `gcp:${level}/iAMBinding:IAMBinding`,
    ]),
    (subject) => unlessBastion(subject, refuse(subject.props.at("role"), shellRoles)),
  ),
  "azure-native:authorization:RoleAssignment": (subject) =>
    unlessBastion(subject, refuse(subject.props.at("roleDefinitionId"), shellDefinitions)),
  "azure-native:authorization:RoleDefinition": function* ({ props }) {
    for (const one of props.items("permissions"))
      for (const action of [...one.items("actions"), ...one.items("dataActions")])
        yield* refuse(action, shellOperations);
  },
};

function unlessBastion(subject: Subject, outcomes: Iterable<Outcome>): Iterable<Outcome> {
  return isBastion(subject) ? [] : outcomes;
}

function* refuse(view: View, pattern: RegExp): Generator<Outcome> {
  yield* attempt(function* () {
    if (view.matches(pattern)) yield sideDoor(view, `${view.string()}`);
  });
}

function* refuseActions(policy: View): Generator<Outcome> {
  yield* attempt(function* () {
    const statements = statementsOf(policy);
    // What is no document is refused by I01.
    if (statements === undefined) return;
    for (const { at, allow, actions } of statements) {
      const found = shellActions.find((one) => actions.some((action) => matches(action, one)));
      if (allow && found !== undefined) yield sideDoor(at, found);
    }
  });
}

function sideDoor(at: View, what: string): Outcome {
  return {
    at,
    found: `opens a shell by "${what}", past the bastion`,
    mend: "Take it out: log in through the bastion.",
  };
}
