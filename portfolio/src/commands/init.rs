//! `init`: a commented manifest for the products in a folder.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::app::{App, Done};
use crate::error::{Code, Error, Result};
use crate::files::write_atomically;
use crate::product::Product;
use crate::ui::counted;

/// Options of `init`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio init --products products")]
pub struct Args {
    /// The folder that holds the product folders.
    #[arg(long, default_value = "products", value_name = "DIR")]
    pub products: PathBuf,
}

/// Runs `init`.
///
/// # Errors
/// `manifest-exists`, or `file-read` when there is no product.
pub fn run(app: &App, args: &Args) -> Result<Done> {
    let manifest = &app.global.manifest;
    if manifest.exists() {
        return Err(Error::new(Code::ManifestExists, format!("`{}` exists already", manifest.display())));
    }
    let products = find_products(&args.products)?;
    write_atomically(manifest, &manifest_text(&products))?;
    if app.ui.json {
        let keys: Vec<&str> = products.iter().map(|(product, _)| product.key.as_str()).collect();
        let path = manifest.display().to_string();
        app.ui.result_json(&json!({ "format": "portfolio/init/1", "manifest": path, "products": keys }))?;
    } else {
        app.ui.result(&format!("{} lists {}.\n", manifest.display(), counted(products.len(), "product")))?;
        app.ui.note("Next: `portfolio validate`, then `portfolio plan --rehearse`.");
    }
    Ok(Done::Fine)
}

fn find_products(folder: &Path) -> Result<Vec<(Product, String)>> {
    let fail =
        |error: std::io::Error| Error::new(Code::FileRead, format!("cannot read `{}`: {error}", folder.display()));
    let mut products = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.join("product.yaml").is_file() {
            let shown = path.to_string_lossy().replace('\\', "/");
            products.push((Product::read(&path)?, shown));
        }
    }
    products.sort_by(|a, b| a.1.cmp(&b.1));
    if products.is_empty() {
        return Err(Error::new(Code::FileRead, format!("no folder in `{}` has a product.yaml", folder.display())));
    }
    Ok(products)
}

/// The manifest's text; what is optional stands in comments.
fn manifest_text(products: &[(Product, String)]) -> String {
    let mut text = HEAD.to_owned();
    for (product, path) in products {
        text.push_str(&format!("\n  # {}\n  - path: {path}\n", *product.file.name));
    }
    text.push_str(TAIL);
    text
}

const HEAD: &str = "\
# yaml-language-server: $schema=portfolio/schema/portfolio.schema.json
# What is published to AWS Service Catalog. `portfolio validate` checks it, `portfolio plan` compares it with the live
# state, `portfolio publish` makes the two the same.
version: 1

portfolio:
  # The portfolio is found again by this key, so it never changes.
  key: edgeseal
  name: Edgeseal
  provider: Platform Engineering
  description: Secure file upload and download through Amazon CloudFront signed URLs, as building blocks.
  tags:
    team: platform

# Where templates wait for AWS Service Catalog. `portfolio bootstrap` makes the bucket.
artifacts:
  bucket: edgeseal-artifacts-{account}-{region}
  prefix: portfolio

# Any other account is refused.
# account: \"123456789012\"

# Without this, the region of the command line, the environment or the profile.
# regions: [eu-west-1, us-east-1]

# Every version in a product.yaml is published as active, unless `versions` says otherwise:
#   versions:
#     - version: 1.0.0
#       state: deprecated    # active, deprecated or inactive
# The launch role is computed from the templates, unless `launch` says otherwise:
#   launch: { localRoleName: MyLaunchRole }
products:";

const TAIL: &str = "
# Who may launch the products in this account.
# principals:
#   - arn: arn:aws:iam::123456789012:role/Developers
#   - pattern: arn:aws:iam:::role/team-*

# Who else gets the portfolio.
# shares:
#   - with: { organizationalUnit: ou-ab12-c3d4e5f6 }
#     principals: true

# Tags that people choose from when they launch.
# tagOptions:
#   - key: cost-center
#     values: [research, production]
#     onPortfolio: true
";
