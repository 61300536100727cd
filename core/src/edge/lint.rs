//! The linter: what is allowed in a rule file, and probably not meant.

use super::check_rule::check_file;
use super::model::{Constraint, Method, Mode, Require, Rule, RuleFile, ViewerScheme, WhenUnseen};
use super::pattern::{covers, overlap};
use super::problem::{Finding, FindingCode};

/// Everything that is wrong or doubtful about a rule file, errors first. With the ids of the trusted keys, those
/// are checked as well.
///
/// Places are filled in by `check`, under the feature `yaml`, which knows the text.
///
/// ```
/// use edgeseal_core::edge::{FindingCode, RuleFile, lint};
/// let file = RuleFile::from_json(
///     r#"{"version":1,"mode":"standalone","rules":[{"name":"all","path":"/*","require":"none"}]}"#,
/// ).unwrap();
/// assert_eq!(lint(&file, None)[0].code, FindingCode::OpensEverything);
/// ```
#[must_use]
pub fn lint(file: &RuleFile, known_key_pair_ids: Option<&[&str]>) -> Vec<Finding> {
    let mut findings = check_file(file);
    lint_file(file, known_key_pair_ids, &mut findings);
    for (index, rule) in file.rules.iter().enumerate() {
        lint_rule(rule, index, file, known_key_pair_ids, &mut findings);
        lint_order(rule, index, file, &mut findings);
        lint_methods(rule, index, file, &mut findings);
    }
    findings.sort_by_key(Finding::severity);
    findings
}

fn lint_file(file: &RuleFile, known: Option<&[&str]>, findings: &mut Vec<Finding>) {
    let mut add = |holds: bool, code, field: &str, message: &str| {
        if holds {
            findings.push(Finding::new(code, field, message));
        }
    };
    let needs_keys = file.mode == Mode::Standalone && file.rules.iter().any(|rule| rule.require != Require::None);
    add(
        needs_keys && known.is_some_and(<[&str]>::is_empty),
        FindingCode::NoKeys,
        "mode",
        "standalone mode verifies signatures, and no public key was given",
    );
    add(file.rules.is_empty(), FindingCode::NoRules, "rules", "there is no rule");
    add(
        file.scheme != ViewerScheme::Https,
        FindingCode::InsecureScheme,
        "scheme",
        "viewers may come over HTTP, where signed URLs and cookies can be read on the way",
    );
    add(
        file.when_unseen == WhenUnseen::Allow,
        FindingCode::WhenUnseenAllows,
        "whenUnseen",
        "keyPairIds, maxLifetime, requireIp and requireConstraints are left out where the credential is hidden",
    );
}

fn lint_rule(rule: &Rule, index: usize, file: &RuleFile, known: Option<&[&str]>, findings: &mut Vec<Finding>) {
    let mut add = |holds: bool, code, field: &str, message: String| {
        if holds {
            findings.push(Finding::new(code, format!("rules[{index}]{field}"), message));
        }
    };
    let uploads = rule.methods.iter().any(|method| method.is_upload());
    let every_path = covers(&rule.path, "/*");
    add(
        every_path && (uploads || rule.require == Require::None),
        FindingCode::OpensEverything,
        ".path",
        format!(
            "rule \"{}\" {}",
            rule.name,
            if uploads { "lets every path be written" } else { "opens every path to everybody" }
        ),
    );
    add(
        uploads && rule.require == Require::None,
        FindingCode::UnsignedUpload,
        ".require",
        format!("rule \"{}\" lets everybody upload", rule.name),
    );
    let capped = rule
        .upload
        .as_ref()
        .is_some_and(|upload| upload.max_bytes.is_some() || upload.require_constraints.contains(&Constraint::MaxBytes));
    add(
        uploads && !capped,
        FindingCode::UploadWithoutCap,
        ".upload",
        format!("rule \"{}\" takes uploads of any size", rule.name),
    );
    // Behind a key group the limit would refuse everything where CloudFront hides the credential.
    add(
        file.mode == Mode::Standalone && rule.require != Require::None && rule.max_lifetime.is_none(),
        FindingCode::UnlimitedLifetime,
        ".maxLifetime",
        format!("rule \"{}\" accepts credentials that never end", rule.name),
    );
    add(
        rule.query.allow.iter().any(|name| name == "*"),
        FindingCode::AnyQueryAllowed,
        ".query.allow",
        format!("rule \"{}\" passes every query parameter on", rule.name),
    );
    add(
        rule.methods.contains(&Method::Delete),
        FindingCode::DeleteAllowed,
        ".methods",
        format!("rule \"{}\" allows DELETE", rule.name),
    );
    // Without keys of its own the edge cannot know which ids CloudFront trusts.
    let known = known.filter(|known| file.mode == Mode::Standalone || !known.is_empty());
    for (position, id) in rule.key_pair_ids.iter().enumerate() {
        add(
            known.is_some_and(|known| !known.contains(&id.as_str())),
            FindingCode::UnknownKeyPairId,
            &format!(".keyPairIds[{position}]"),
            format!("there is no public key {id}"),
        );
    }
}

/// Rules that earlier rules take every request from.
fn lint_order(rule: &Rule, index: usize, file: &RuleFile, findings: &mut Vec<Finding>) {
    let earlier = file.rules.get(..index).unwrap_or_default();
    let taken_by = |method: &Method| {
        earlier.iter().find(|other| {
            other.methods.contains(method)
                && host_covers(other.host.as_deref(), rule.host.as_deref())
                && covers(&other.path, &rule.path)
        })
    };
    let takers: Option<Vec<&Rule>> = rule.methods.iter().map(taken_by).collect();
    if let Some(first) = takers.as_ref().and_then(|takers| takers.first()) {
        findings.push(Finding::new(
            FindingCode::UnreachableRule,
            format!("rules[{index}].path"),
            format!("no request reaches rule \"{}\": rule \"{}\" comes first", rule.name, first.name),
        ));
    }
}

/// Methods that a credential for another one opens, and methods that clients will miss.
fn lint_methods(rule: &Rule, index: usize, file: &RuleFile, findings: &mut Vec<Finding>) {
    let has = |rule: &Rule, method| rule.methods.contains(&method);
    let signed_method =
        rule.upload.as_ref().is_some_and(|upload| upload.require_constraints.contains(&Constraint::Method));
    let writes = rule.methods.iter().any(|method| method.is_upload());
    if writes && rule.require != Require::None && !signed_method {
        let reader = file.rules.iter().find(|other| {
            other.require != Require::None
                && (has(other, Method::Get) || has(other, Method::Head))
                && (host_covers(other.host.as_deref(), rule.host.as_deref())
                    || host_covers(rule.host.as_deref(), other.host.as_deref()))
                && overlap(&other.path, &rule.path)
        });
        if let Some(reader) = reader {
            findings.push(Finding::new(
                FindingCode::ReadsAndWrites,
                format!("rules[{index}].methods"),
                format!(
                    "a credential for downloads by rule \"{}\" also uploads by rule \"{}\"",
                    reader.name, rule.name
                ),
            ));
        }
    }
    let head_elsewhere = file.rules.iter().any(|other| {
        has(other, Method::Head)
            && host_covers(other.host.as_deref(), rule.host.as_deref())
            && covers(&other.path, &rule.path)
    });
    if has(rule, Method::Get) && !head_elsewhere {
        findings.push(Finding::new(
            FindingCode::MethodWithoutRule,
            format!("rules[{index}].methods"),
            format!("rule \"{}\" allows GET, and no rule allows HEAD there", rule.name),
        ));
    }
}

/// True when every host that fits `inner` fits `outer`.
fn host_covers(outer: Option<&str>, inner: Option<&str>) -> bool {
    match (outer, inner) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(outer), Some(inner)) => {
            let (outer, inner) = (outer.to_ascii_lowercase(), inner.to_ascii_lowercase());
            outer == inner || outer.strip_prefix('*').is_some_and(|suffix| inner.ends_with(suffix))
        }
    }
}
