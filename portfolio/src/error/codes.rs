//! Every error code, with its exit code, its cause and its cure.

use std::fmt;

/// What the process exits with.
///
/// 0 means done or nothing to do, and 2 (only with `--detailed-exitcode`) that changes are pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 1: anything without a code of its own.
    General,
    /// 3: the command line, the manifest, a product or a template is wrong.
    Config,
    /// 4: no credentials, wrong account, or a permission is missing.
    Auth,
    /// 5: some changes were made before the failure; run it again.
    Partial,
    /// 6: another run holds the lock, or the live state moved.
    Conflict,
    /// 7: refused, because going on could harm something.
    Refused,
    /// 130: stopped by Ctrl-C.
    Interrupted,
}

impl Exit {
    /// The number the shell sees.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::General => 1,
            Self::Config => 3,
            Self::Auth => 4,
            Self::Partial => 5,
            Self::Conflict => 6,
            Self::Refused => 7,
            Self::Interrupted => 130,
        }
    }
}

macro_rules! codes {
    ($($variant:ident $name:literal $exit:ident, $cause:literal, $cure:literal;)*) => {
        /// A stable error code; `docs/portfolio-errors.md` lists them all.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $cause] $variant,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as scripts see it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What the process exits with.
            #[must_use]
            pub const fn exit(self) -> Exit {
                match self { $(Self::$variant => Exit::$exit,)* }
            }

            /// Why it happens.
            #[must_use]
            pub const fn cause(self) -> &'static str {
                match self { $(Self::$variant => $cause,)* }
            }

            /// What to do about it.
            #[must_use]
            pub const fn cure(self) -> &'static str {
                match self { $(Self::$variant => $cure,)* }
            }
        }
    };
}

codes! {
    Usage "usage" Config,
        "The command line could not be understood.",
        "Run the command with --help to see its options and an example.";
    FileRead "file-read" Config,
        "A file could not be read.",
        "Check that the path exists and may be read.";
    FileWrite "file-write" General,
        "A file could not be written.",
        "Check that the folder exists, may be written and has space left.";
    ManifestSyntax "manifest-syntax" Config,
        "A YAML file is malformed, has an unknown or missing field, or a value of the wrong kind.",
        "Correct the marked place; the JSON Schema in portfolio/schema lists every field.";
    ManifestValue "manifest-value" Config,
        "A value in the manifest breaks a rule of AWS Service Catalog or of this tool.",
        "Change the marked value as the message says.";
    ManifestReference "manifest-reference" Config,
        "The manifest names something that is not defined.",
        "Define it, or correct the name.";
    ManifestDuplicate "manifest-duplicate" Config,
        "The manifest defines the same thing twice.",
        "Remove one of the two.";
    ManifestExists "manifest-exists" Refused,
        "`init` found a manifest and will not overwrite it.",
        "Move the existing file away, or give another name with --manifest.";
    QuotaExceeded "quota-exceeded" Config,
        "The manifest asks for more than an AWS Service Catalog quota allows.",
        "Split the portfolio, prune old versions, or ask AWS to raise the quota and set it under `quotas`.";
    ProductInvalid "product-invalid" Config,
        "A product folder or its product.yaml breaks the product contract.",
        "Correct product.yaml as the message says.";
    TemplateInvalid "template-invalid" Config,
        "A template is not a CloudFormation template that AWS Service Catalog could store.",
        "Correct the template; `cfn-lint` explains most mistakes in more detail.";
    HouseRule "house-rule" Config,
        "A template breaks a rule that every published product has to keep.",
        "Change the template as the message says, in a new version if this one is published.";
    VersionChanged "version-changed" Refused,
        "A published version's template no longer has the bytes that were published.",
        "Put the change into a new version, and restore the published file.";
    LockInvalid "lock-invalid" Config,
        "portfolio.lock could not be understood.",
        "Restore portfolio.lock from version control.";
    LockStale "lock-stale" Config,
        "With --locked, portfolio.lock does not yet hold every version of the manifest.",
        "Run `portfolio validate --write-lock` and commit portfolio.lock.";
    RoleUncovered "role-uncovered" Config,
        "The launch role of a product cannot be computed, so nobody could launch it.",
        "Remove the construct the message names, or set `launch` to a role you keep yourself.";
    NoCredentials "no-credentials" Auth,
        "No AWS credentials were found, or they have expired.",
        "Sign in (`aws sso login`, or set AWS_PROFILE), then run `portfolio doctor`.";
    WrongAccount "wrong-account" Auth,
        "The credentials belong to another account than the one expected.",
        "Use credentials of the expected account, or correct --expect-account or `account` in the manifest.";
    NoRegion "no-region" Config,
        "No region is set in the manifest, on the command line, in the environment or in the profile.",
        "Set `regions` in the manifest, or give --region.";
    AccessDenied "access-denied" Auth,
        "AWS refused a call because the caller lacks a permission.",
        "Grant the action the message names; `portfolio bootstrap --print-policy` prints all that is needed.";
    Throttled "throttled" General,
        "AWS kept throttling a call after every retry.",
        "Wait a minute and run the command again; it goes on where it stopped.";
    Unreachable "unreachable" General,
        "The endpoint could not be reached, or the connection broke, after every retry.",
        "Check the network and the endpoint in the header, then run the command again.";
    AwsRefused "aws-refused" General,
        "AWS refused a call for a reason of its own.",
        "Read AWS's message; the request id helps AWS Support to find the call.";
    AwsFailed "aws-failed" General,
        "AWS failed with an internal error after every retry.",
        "Run the command again; it goes on where it stopped.";
    AnswerIncomplete "answer-incomplete" General,
        "An answer lacked a field that AWS documents as present.",
        "Check that the endpoint in the header is AWS Service Catalog, then run the command again.";
    WaitTimeout "wait-timeout" General,
        "An object did not become ready in time.",
        "Run the command again with a longer --timeout; it goes on where it stopped.";
    CreationFailed "creation-failed" General,
        "AWS Service Catalog accepted an object, then reported that creating it failed.",
        "Correct what the message names, remove the failed object, and run the command again.";
    Ambiguous "ambiguous" Refused,
        "More than one live object carries the same ownership tags or name, so none can be chosen safely.",
        "Delete or retag the objects that should not be managed; the message lists their ids.";
    Foreign "foreign" Refused,
        "A live object has the name the manifest uses, but was not made by this tool.",
        "Adopt it with `portfolio import`, or choose another name.";
    VersionConflict "version-conflict" Refused,
        "A live version has the same name as one in the manifest, but other content.",
        "Give the new content a new version name.";
    PublishLocked "publish-locked" Conflict,
        "Another run is publishing this portfolio.",
        "Wait for it to end. The lock of a run that died expires by itself.";
    LockLost "lock-lost" Conflict,
        "The publish lock expired or was taken during the run, so the run stopped.",
        "Run the command again; it goes on where it stopped.";
    PlanMoved "plan-moved" Conflict,
        "The live state is not the one the plan was made from.",
        "Make a new plan, read it, and publish that.";
    PlanInvalid "plan-invalid" Config,
        "The plan file could not be understood, or belongs to another manifest, account or region.",
        "Make a new plan with `portfolio plan --out FILE`.";
    PartlyApplied "partly-applied" Partial,
        "Some changes were made before one failed.",
        "Run the command again; it finds what is done and goes on from there.";
    Interrupted "interrupted" Interrupted,
        "The run was stopped with Ctrl-C after finishing the calls in flight.",
        "Run the command again; it finds what is done and goes on from there.";
    NeedsYes "needs-yes" Refused,
        "The command changes something and needs a yes, but there is no terminal to ask on.",
        "Read the plan, then give --yes.";
    Declined "declined" Refused,
        "The answer to the question was not yes.",
        "Nothing was changed. Run the command again to be asked again.";
    ProductNotFound "product-not-found" Config,
        "The manifest has no product of that name.",
        "Run `portfolio status` to see the products.";
    VersionNotFound "version-not-found" Config,
        "The product has no version of that name.",
        "Run `portfolio status` to see the versions.";
    PortfolioNotFound "portfolio-not-found" Config,
        "The portfolio is not published in this account and region.",
        "Run `portfolio publish` first, or check the account and region in the header.";
    NothingToRollBack "nothing-to-roll-back" Refused,
        "There is no earlier version to go back to.",
        "Publish a corrected version instead.";
    InUse "in-use" Refused,
        "The object is still used by provisioned products.",
        "Terminate or update the provisioned products first; `portfolio status` lists them.";
    OrganizationsOff "organizations-off" Refused,
        "Sharing with an organization needs AWS Organizations access, which is not enabled.",
        "Enable it from the management account: `aws servicecatalog enable-aws-organizations-access`.";
    ShareFailed "share-failed" General,
        "AWS reported errors for some accounts of a share.",
        "Run the command again to repeat the share; the message names the accounts.";
    BucketMissing "bucket-missing" Config,
        "The bucket for the templates does not exist.",
        "Run `portfolio bootstrap` to create it.";
    BucketForeign "bucket-foreign" Refused,
        "The bucket for the templates belongs to another account.",
        "Choose another name under `artifacts.bucket`.";
    StoreMismatch "store-mismatch" Refused,
        "The template store holds an object whose bytes are not those its name says.",
        "Find out who wrote it, delete the object, and run the command again.";
    ProvisionFailed "provision-failed" General,
        "A provisioned product's record ended in failure.",
        "Read the record's errors in the message; `portfolio terminate` removes what was made.";
    ParameterInvalid "parameter-invalid" Config,
        "A parameter given to `provision` or `update` is unknown, missing or malformed.",
        "Give parameters as NAME=VALUE; the message lists the ones the version has.";
    RehearsalFailed "rehearsal-failed" General,
        "The rehearsal catalog could not start or keep its state.",
        "Check the folder and the address in the message.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
