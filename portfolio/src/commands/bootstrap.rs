//! `bootstrap`: what has to be there before the first `publish`.

use serde_json::{Value, json};

use crate::app::{App, Done};
use crate::desired::desired;
use crate::error::{Code, Error, Result};
use crate::launch::default_boundary;
use crate::project::Project;
use crate::session::Session;

/// Options of `bootstrap`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio bootstrap --print-policy > publisher-policy.json")]
pub struct Args {
    /// Print the IAM policy that a publisher needs, and do nothing.
    #[arg(long)]
    pub print_policy: bool,
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
}

/// Runs `bootstrap`.
///
/// # Errors
/// As documented for each code.
pub async fn run(app: &App, args: &Args) -> Result<Done> {
    let project = app.project()?;
    if args.print_policy {
        app.ui.result_json(&publisher_policy(&project))?;
        return Ok(Done::Fine);
    }
    let connection = app.connect(&project).await?;
    let mut made = Vec::new();
    let mut result = Ok(());
    for session in &connection.sessions {
        result = region(app, args, session, &project, &mut made).await;
        if result.is_err() {
            break;
        }
    }
    connection.close().await;
    result?;
    if app.ui.json {
        app.ui.result_json(&json!({ "format": "portfolio/bootstrap/1", "made": made }))?;
    } else if made.is_empty() {
        app.ui.result("Everything is there already.\n")?;
    } else {
        app.ui.result(&made.iter().map(|what| format!("Made {what}.\n")).collect::<String>())?;
    }
    Ok(Done::Fine)
}

async fn region(app: &App, args: &Args, session: &Session, project: &Project, made: &mut Vec<String>) -> Result<()> {
    let wanted = desired(project, &session.target)?;
    let bucket = &wanted.bucket;
    match session.store.bucket_is_ours(bucket, &session.target.account).await? {
        Some(true) => session.store.create_bucket(bucket).await?,
        Some(false) => {
            return Err(Error::new(Code::BucketForeign, format!("bucket `{bucket}` belongs to another account")));
        }
        None => {
            app.confirm(args.yes, &format!("Make the bucket {bucket} and the permissions boundary?"), "yes")?;
            session.store.create_bucket(bucket).await?;
            made.push(format!("bucket {bucket}"));
        }
    }
    let boundary = project.file.manifest.launch_roles.boundary.as_str();
    if session.keeps_roles
        && !wanted.roles.is_empty()
        && session.roles.ensure_boundary(boundary, &default_boundary()).await?
    {
        made.push(format!("permissions boundary {boundary}"));
    }
    Ok(())
}

/// The least that publishing needs, as one policy.
fn publisher_policy(project: &Project) -> Value {
    let manifest = &project.file.manifest;
    let bucket = manifest.artifacts.bucket.replace("{account}", "*").replace("{region}", "*");
    json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Catalog",
                "Effect": "Allow",
                "Action": [
                    "servicecatalog:Associate*", "servicecatalog:Create*", "servicecatalog:Delete*",
                    "servicecatalog:Describe*", "servicecatalog:Disassociate*",
                    "servicecatalog:GetAWSOrganizationsAccessStatus", "servicecatalog:List*",
                    "servicecatalog:SearchProductsAsAdmin", "servicecatalog:SearchProvisionedProducts",
                    "servicecatalog:TagResource", "servicecatalog:UntagResource", "servicecatalog:Update*"
                ],
                "Resource": "*"
            },
            {
                "Sid": "Templates",
                "Effect": "Allow",
                "Action": [
                    "s3:CreateBucket", "s3:GetBucketPolicy", "s3:GetObject", "s3:ListBucket", "s3:PutBucketPolicy",
                    "s3:PutBucketPublicAccessBlock", "s3:PutBucketVersioning", "s3:PutObject"
                ],
                "Resource": [format!("arn:aws:s3:::{bucket}"), format!("arn:aws:s3:::{bucket}/*")]
            },
            { "Sid": "Validate", "Effect": "Allow", "Action": "cloudformation:ValidateTemplate", "Resource": "*" },
            {
                "Sid": "LaunchRoles",
                "Effect": "Allow",
                "Action": [
                    "iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:GetRole", "iam:GetRolePolicy",
                    "iam:PutRolePolicy", "iam:TagRole", "iam:UpdateAssumeRolePolicy"
                ],
                "Resource": format!("arn:aws:iam::*:role/{}", crate::launch::role_name("*"))
            },
            {
                "Sid": "PassLaunchRoles",
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": format!("arn:aws:iam::*:role/{}", crate::launch::role_name("*")),
                "Condition": { "StringEquals": { "iam:PassedToService": "servicecatalog.amazonaws.com" } }
            },
            {
                "Sid": "Boundary",
                "Effect": "Allow",
                "Action": ["iam:CreatePolicy", "iam:GetPolicy"],
                "Resource": format!("arn:aws:iam::*:policy/{}", *manifest.launch_roles.boundary)
            }
        ]
    })
}
