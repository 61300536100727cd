//! What every published template has to keep: AWS's limits, and the rules of the house.

use edgeseal_launch_role::Template;
use serde_json::Value;

use crate::error::{Code, Error};
use crate::launch::{launch_role, parse};
use crate::manifest::{Launch, SourceFile};
use crate::project::{LoadedProduct, LoadedVersion, Project};

/// Limits of [CloudFormation](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html).
const TEMPLATE_BYTES: usize = 1_048_576;
const PARAMETERS: usize = 200;
const RESOURCES: usize = 500;

/// Types whose loss loses data: they must say what happens to them.
const STATEFUL: &[&str] = &[
    "AWS::S3::Bucket",
    "AWS::DynamoDB::Table",
    "AWS::SecretsManager::Secret",
    "AWS::KMS::Key",
    "AWS::RDS::DBInstance",
    "AWS::EFS::FileSystem",
];

/// Everything wrong with the templates of a project, and with what they need to be launched.
#[must_use]
pub fn check_templates(project: &Project) -> Vec<Error> {
    let mut problems = Vec::new();
    for loaded in &project.products {
        let before = problems.len();
        for version in &loaded.versions {
            check_version(loaded, version, &mut problems);
        }
        // A template that does not parse has been reported already.
        if problems.len() == before
            && project.launch(loaded) == Launch::Computed
            && let Err(error) = launch_role(loaded)
        {
            problems.push(error);
        }
    }
    problems
}

fn check_version(loaded: &LoadedProduct, version: &LoadedVersion, problems: &mut Vec<Error>) {
    let path = version.template.path.display();
    let size = version.template.text.len();
    if size > TEMPLATE_BYTES {
        let message = format!("{path} has {size} bytes; CloudFormation reads at most {TEMPLATE_BYTES}");
        problems.push(Error::new(Code::TemplateInvalid, message));
        return;
    }
    let template = match parse(version) {
        Ok(template) => template,
        Err(error) => return problems.push(error),
    };
    let source = SourceFile::from_text(&version.template.path, version.template.text.clone());
    let mut report = Report { source: &source, problems };
    let counts =
        [(template.parameters.len(), PARAMETERS, "parameters"), (template.resources.len(), RESOURCES, "resources")];
    for (count, limit, what) in counts {
        if count > limit {
            report.at(Code::TemplateInvalid, 1, format!("{count} {what}; CloudFormation allows {limit}"));
        }
    }
    let document: Value = serde_saphyr::from_str(&version.template.text).unwrap_or_default();
    secrets(&template, &document, &mut report);
    retention(&template, &document, &mut report);
    examples(loaded, version, &template, report.problems);
}

struct Report<'a> {
    source: &'a SourceFile,
    problems: &'a mut Vec<Error>,
}

impl Report<'_> {
    fn at(&mut self, code: Code, line: usize, message: String) {
        let text = self.source.text();
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let content = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let indent = content.len() - content.trim_start().len();
        let place = self.source.place(start + indent, content.trim().len().max(1), "here");
        self.problems.push(Error::new(code, message).at(place));
    }
}

/// A secret typed in by a person must not be shown again.
fn secrets(template: &Template, document: &Value, report: &mut Report<'_>) {
    for (name, parameter) in &template.parameters {
        let lower = name.to_ascii_lowercase();
        let reference = ["arn", "id", "name"].iter().any(|end| lower.ends_with(end));
        let words = ["password", "privatekey", "secretvalue", "accesskey"];
        let secret = !reference && words.iter().any(|word| lower.contains(word));
        let no_echo = document.pointer(&format!("/Parameters/{name}/NoEcho"));
        let hidden = no_echo.is_some_and(|value| value == &Value::Bool(true) || value == &Value::from("true"));
        if secret && !hidden && parameter.type_name == "String" && parameter.allowed_values.is_empty() {
            report.at(
                Code::HouseRule,
                parameter.line,
                format!("parameter `{name}` takes a secret, so it needs `NoEcho: true`"),
            );
        }
    }
}

/// Data outlives a stack only when the template says so.
fn retention(template: &Template, document: &Value, report: &mut Report<'_>) {
    for (name, resource) in &template.resources {
        let says = document.pointer(&format!("/Resources/{name}/DeletionPolicy")).is_some();
        if STATEFUL.contains(&resource.type_name.as_str()) && !says {
            let message = format!("resource `{name}` holds data, so it needs a `DeletionPolicy`");
            report.at(Code::HouseRule, resource.line, message);
        }
    }
}

/// Example parameters must be ones the template has.
fn examples(loaded: &LoadedProduct, version: &LoadedVersion, template: &Template, problems: &mut Vec<Error>) {
    for name in version.file.example_parameters.iter().flatten().map(|(name, _)| name) {
        if !template.parameters.contains_key(name) {
            let message = format!(
                "exampleParameters of version `{}` name `{name}`, which {} does not have",
                *version.file.name,
                version.template.path.display()
            );
            let place = loaded.product.source.place_of(&version.file.name, "this version");
            problems.push(Error::new(Code::ProductInvalid, message).at(place));
        }
    }
}
