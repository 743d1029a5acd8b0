import { attempt, each, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { eachAllowed, matches, type Statement } from "../documents.ts";
import { awsMachines, awsMachineTypes, given, scaleSet, virtualMachine } from "../machines.ts";

const policyTypes = [
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
] as const;
const role = "aws:iam/role:Role";

/** Documents of a policy resource, a role's own ones included. */
function documents({ type, props }: Subject): readonly View[] {
  const all =
    type === role
      ? props.items("inlinePolicies").map((one) => one.at("policy"))
      : [props.at("policy"), props.at("inlinePolicy")];
  return all.filter(given);
}

/** Actions that name no resource of their own, so that `*` is all that can be written (service authorization reference). */
const withoutResource = [
  "ec2:Describe*",
  "autoscaling:Describe*",
  "cloudwatch:PutMetricData",
  "ecr:GetAuthorizationToken",
  "sts:GetCallerIdentity",
  "kms:ListKeys",
  "s3:ListAllMyBuckets",
  "ssm:DescribeParameters",
  "logs:DescribeLogGroups",
];

export const noStars: Rule = {
  id: "I01",
  name: "no-wildcard-policies",
  title: "Policies name their actions and their resources.",
  family: "identity",
  severity: "critical",
  reason: "A node that is taken may do whatever its policy says; a star says everything.",
  remediation: '{ Effect: "Allow", Action: ["s3:PutObject"], Resource: [`${audit.arn}/entries/*`] }',
  upstream: [
    "CKV_AWS_1",
    "CKV_AWS_49",
    "CKV_AWS_62",
    "CKV_AWS_63",
    "CKV_AWS_355",
    "CKV_AWS_356",
    "CKV2_AWS_40",
    "AWS-0057",
    "AWS-0345",
    "iam-policy-no-statements-with-full-access",
    "iam-policy-least-privilege",
    "IAM.1",
    "IAM.21",
    "CIS-AWS-2.15",
  ],
  checks: each([...policyTypes, role], function* (subject) {
    for (const document of documents(subject)) {
      yield* eachAllowed(document, function* ({ at, actions, notActions, resources }) {
        if (notActions.length > 0) yield { at, found: 'allows by "NotAction", which is everything else' };
        if (given(at.at("NotResource"))) yield { at, found: 'allows by "NotResource", which is everywhere else' };
        for (const action of actions.filter((one) => everyAction.test(one)))
          yield { at, found: `allows the action "${action}"` };
        const bound = actions.find((action) => !withoutResource.some((pattern) => matches(pattern, action)));
        if (bound !== undefined && resources.some((one) => everywhere.test(one)))
          yield { at, found: `allows "${bound}" on every resource` };
      });
    }
  }),
  // Policies name the ARNs of what the stack makes.
  knownAtUpdate: ["policy", "inlinePolicies"],
};

/** An action of wildcards alone, with or without its service: `*`, `s3:*`, `s3:**`. */
const everyAction = /(^|:)[*?]+$/;
const everywhere = /^[*?]+$/;

/** What lets its holder become another, read secrets, copy data out, or change who may do what. */
const escalating = [
  "iam:AttachRolePolicy",
  "iam:AttachUserPolicy",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:CreatePolicyVersion",
  "iam:PassRole",
  "iam:PutRolePolicy",
  "iam:PutUserPolicy",
  "iam:UpdateAssumeRolePolicy",
  "lambda:UpdateFunctionCode",
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:PutKeyPolicy",
  "s3:BypassGovernanceRetention",
  "s3:GetObject",
  "s3:PutBucketPolicy",
  "secretsmanager:GetSecretValue",
  "ssm:GetParameter",
  "ssm:SendCommand",
  "ssm:StartSession",
  "sts:AssumeRole",
];

/** Everything, everything of a service, or everything of a kind whose names are one flat list: all roles, all secrets. */
const everyResource =
  /^(arn:([^:]*:){0,4}((role|user|policy|secret|key|parameter|function|instance|document)[/:])?)?[*?]+$/;

export const noEscalation: Rule = {
  id: "I02",
  name: "no-escalation",
  title: "Nothing that reads secrets, copies data out or changes permissions is allowed on every resource.",
  family: "identity",
  severity: "critical",
  reason: "With one of these on everything, the smallest role is an administrator.",
  remediation: 'Resource: ["arn:…:secret:slurm-jwks"]',
  upstream: [
    "CKV_AWS_107",
    "CKV_AWS_108",
    "CKV_AWS_109",
    "CKV_AWS_110",
    "CKV_AWS_111",
    "CKV_AWS_286",
    "CKV_AWS_287",
    "CKV_AWS_288",
    "CKV_AWS_289",
    "CKV_AWS_290",
    "AWS-0342",
    "KMS.1",
    "KMS.2",
  ],
  checks: each([...policyTypes, role], function* (subject) {
    for (const document of documents(subject)) {
      yield* eachAllowed(document, function* ({ at, actions, resources, hasCondition }) {
        const wide = resources.length === 0 || resources.some((resource) => everyResource.test(resource));
        if (!wide || hasCondition) return;
        const found = escalating.find((one) => actions.some((action) => matches(action, one)));
        if (found !== undefined) yield { at, found: `allows "${found}" on every resource, without a condition` };
      });
    }
  }),
  knownAtUpdate: ["policy", "inlinePolicies"],
};

const administrators =
  /\/(AdministratorAccess|IAMFullAccess|PowerUserAccess|job-function\/SystemAdministrator)(-[A-Za-z]+)?$/;

export const noAdministrators: Rule = {
  id: "I03",
  name: "no-administrators",
  title: "No role, user or group is given an administrator's policy.",
  family: "identity",
  severity: "critical",
  reason: "Nothing that this stack makes has to be an administrator.",
  remediation: "Attach a policy that names what is needed.",
  upstream: ["CKV_AWS_274", "CKV_AWS_275", "CKV2_AWS_56", "CIS-AWS-2.15"],
  checks: each(
    [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:iam/userPolicyAttachment:UserPolicyAttachment",
      "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
      "aws:iam/policyAttachment:PolicyAttachment",
      "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
      "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
      role,
    ],
    function* ({ props }) {
      const arns = ["policyArn", "policyArns", "managedPolicyArn", "managedPolicyArns", "permissionsBoundary"];
      for (const arn of arns.flatMap((key) => props.items(key))) {
        yield* attempt(function* () {
          if (arn.matches(administrators)) yield { at: arn, found: `is "${arn.string()}"` };
        });
      }
    },
  ),
  // The stack's own policies, whose ARNs come to be in the same update; Amazon's are known.
  knownAtUpdate: ["policyArn", "policyArns", "managedPolicyArns", "permissionsBoundary"],
};

export const rolesBounded: Rule = {
  id: "I04",
  name: "roles-bounded",
  title: "Roles are taken by named principals; those from outside prove who they are by audience and subject.",
  family: "identity",
  severity: "critical",
  reason: "A role that any account or any repository may take belongs to everybody.",
  remediation:
    'Condition: { StringEquals: { "token.actions.githubusercontent.com:sub": "repo:owner/name:environment:production" } }',
  upstream: ["CKV_AWS_60", "CKV_AWS_61", "CKV_AWS_358", "CKV_AWS_393", "GCP-0068"],
  checks: {
    [role]: ({ props }) =>
      eachAllowed(props.at("assumeRolePolicy"), function* (statement) {
        const { at, principals, anyone, hasCondition } = statement;
        if (anyone) yield { at, found: "lets everybody take the role" };
        const account = principals.find((one) => /^\d{12}$|:root$|:saml-provider\//.test(one));
        if (account !== undefined && !hasCondition)
          yield { at, found: `lets "${account}" take the role without a condition` };
        const subjects = subjectsOf(statement);
        const federated = [...at.at("Principal", "Federated").texts()].find((one) => !one.matches(/:saml-provider\//));
        if (federated !== undefined && subjects.length === 0)
          yield {
            at,
            found: `lets whoever "${federated.string()}" knows take the role`,
            expected: 'a condition on ":sub"',
          };
        for (const one of subjects)
          if (one.matches(anyRepository)) yield { at: one, found: `takes the subject "${one.string()}"` };
      }),
    "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": function* ({ props }) {
      const condition = props.at("attributeCondition");
      if (!given(condition)) yield { at: condition, found: "is left out, so every repository of the issuer is let in" };
    },
  },
  knownAtUpdate: ["assumeRolePolicy"],
};

/** A wildcard in the first two parts of a subject, which name its owner and its repository: `*`, `repo:*`, `repo:owner/*:ref`. */
const anyRepository = /^([^:]*:)?[^:]*[*?]/;

/** The subjects that a statement asks for. Operators that hold without one, or for all but some, ask for none. */
function subjectsOf({ at }: Statement): readonly View[] {
  const condition = at.at("Condition");
  return condition
    .keys()
    .filter((operator) => /^(ForAnyValue:)?String(Equals|EqualsIgnoreCase|Like)$/i.test(operator))
    .flatMap((operator) => condition.keys(operator).map((key) => ({ operator, key })))
    .filter(({ key }) => /:sub$/i.test(key))
    .flatMap(({ operator, key }) => [...condition.at(operator, key).texts()]);
}

export const noUsers: Rule = {
  id: "I05",
  name: "no-users",
  title: "No users, groups or access keys are made, and nothing has inline policies of its own.",
  family: "identity",
  severity: "high",
  reason: "Users have keys that last, and inline policies are seen by nobody who lists policies.",
  remediation: "Use a role, and a policy that is attached to it.",
  upstream: [
    "CKV_AWS_40",
    "CKV_AWS_273",
    "CKV2_AWS_22",
    "AWS-0143",
    "AWS-0167",
    "iam-no-inline-policy-check",
    "iam-user-no-policies-check",
    "IAM.2",
    "IAM.3",
    "CIS-AWS-2.14",
  ],
  checks: {
    ...each(
      [
        "aws:iam/user:User",
        "aws:iam/group:Group",
        "aws:iam/userPolicy:UserPolicy",
        "aws:iam/groupPolicy:GroupPolicy",
        "aws:iam/userLoginProfile:UserLoginProfile",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
      ],
      () => [{ found: "is of a user or a group, allowed are roles" }],
    ),
    [role]: function* ({ props }) {
      yield* attempt(function* () {
        const own = props.items("inlinePolicies").find((one) => given(one.at("policy")));
        if (own !== undefined) yield { at: own, found: "is given" };
      });
    },
  },
};

export const machinesHaveIdentity: Rule = {
  id: "I06",
  name: "machines-have-identity",
  title: "Every machine has an identity of the cloud.",
  family: "identity",
  severity: "high",
  reason: "A machine without one needs a key, and keys are what is stolen.",
  remediation:
    'iamInstanceProfile: { arn: profile.arn }, identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] }',
  upstream: ["CKV2_AWS_41", "ec2-instance-iam-profile-attached", "vm-managed-identity", "CIS-AWS-2.17"],
  checks: {
    ...each(awsMachineTypes, function* (subject) {
      for (const machine of awsMachines(subject)) {
        yield* attempt(function* () {
          const profile = ["iamInstanceProfile", "iamInstanceProfileArn"].map((key) => machine.at(key));
          if (!profile.some(given)) yield { at: machine.at("iamInstanceProfile"), found: "is left out" };
        });
      }
    }),
    ...each([virtualMachine, scaleSet], function* ({ props }) {
      yield* attempt(function* () {
        const type = props.at("identity", "type");
        if (!type.unknown && !type.matches(/assigned/i)) yield { at: type, found: "is left out" };
      });
    }),
  },
};
