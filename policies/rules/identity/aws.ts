import { attempt, each, type Outcome, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { matches, type Statement, statementsOf } from "../documents.ts";
import { awsMachines, awsMachineTypes, given, scaleSet, virtualMachine } from "../machines.ts";

const policyTypes = [
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
] as const;
const role = "aws:iam/role:Role";
const inline = ["policy", "inlinePolicy"];

/** Documents of a policy resource, a role's own ones included. */
function documents({ type, props }: Subject): readonly View[] {
  if (type === role) return props.items("inlinePolicies").map((one) => one.at("policy"));
  return inline.map((key) => props.at(key)).filter(given);
}

function* eachStatement(subject: Subject, check: (statement: Statement) => Iterable<Outcome>): Generator<Outcome> {
  for (const document of documents(subject)) {
    yield* attempt(function* () {
      const statements = statementsOf(document);
      if (statements === undefined) yield { at: document, found: "is no policy document" };
      for (const statement of statements ?? []) if (statement.allow) yield* check(statement);
    });
  }
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
    yield* eachStatement(subject, function* ({ actions, notActions, resources }) {
      const at = "policy";
      if (notActions.length > 0) yield { at, found: 'allows by "NotAction", which is everything else' };
      for (const action of actions) if (/^\*$|:\*$/.test(action)) yield { at, found: `allows the action "${action}"` };
      const everywhere = resources.some((resource) => /^\*+$/.test(resource));
      const bound = actions.filter((action) => !withoutResource.some((pattern) => matches(pattern, action)));
      if (everywhere && bound.length > 0) yield { at, found: `allows "${bound[0]}" on every resource` };
    });
  }),
  // Policies name the ARNs of what the stack makes.
  knownAtUpdate: ["policy", "inlinePolicies"],
};

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
    yield* eachStatement(subject, function* ({ actions, resources, hasCondition }) {
      const wide =
        resources.length === 0 ||
        resources.some((resource) => /^(\*|arn:aws[a-z-]*:[a-z0-9-]+:\*?:\*?:\*)$/.test(resource));
      if (!wide || hasCondition) return;
      const found = escalating.find((one) => actions.some((action) => matches(action, one)));
      if (found !== undefined)
        yield { at: "policy", found: `allows "${found}" on every resource, without a condition` };
    });
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
          if (administrators.test(arn.string() ?? "")) yield { at: arn, found: `is "${arn.string()}"` };
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
    [role]: function* ({ props }) {
      const document = props.at("assumeRolePolicy");
      yield* attempt(function* () {
        const statements = statementsOf(document);
        if (statements === undefined) yield { at: document, found: "is no policy document" };
        for (const { at, allow, principals, hasCondition } of statements ?? []) {
          if (!allow) continue;
          if (principals.includes("*")) yield { at: document, found: "lets every principal take the role" };
          const outside = principals.find((one) => /oidc-provider|token\.actions|:root$|saml-provider/.test(one));
          if (outside !== undefined && !hasCondition)
            yield { at: document, found: `lets "${outside}" take the role without a condition` };
          const subjects = [...at.at("Condition").texts()].filter(
            (one) => /:sub$/.test(one.path.split(".").slice(-3).join(".")) || /:sub(\[|$)/.test(one.path),
          );
          for (const one of subjects)
            if (/^\*|repo:\*|repo:[^/]+\/\*/.test(one.string() ?? ""))
              yield { at: document, found: `takes the subject "${one.string()}"` };
        }
      });
    },
    "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": function* ({ props }) {
      if (!given(props.at("attributeCondition")))
        yield { at: "attributeCondition", found: "is left out, so every repository of the issuer is let in" };
    },
  },
  knownAtUpdate: ["assumeRolePolicy"],
};

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
        if (props.items("inlinePolicies").some((one) => given(one.at("policy"))))
          yield { at: "inlinePolicies", found: "is given" };
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
        if (type.unknown || /assigned/i.test(type.string() ?? "")) return;
        yield { at: "identity", found: "is left out" };
      });
    }),
  },
};
