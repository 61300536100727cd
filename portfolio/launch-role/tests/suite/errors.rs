//! What is not understood is refused, with its place and what to do.

use crate::common::try_role;
use edgeseal_launch_role::Error;

fn refused(text: &str) -> Error {
    try_role(text).expect_err("the template is not in order")
}

#[test]
fn each_refusal_has_its_code_and_its_line() {
    let cases = [
        ("Resources: }", "syntax", ":1:"),
        ("A: 1", "template", ":1:"),
        ("Resources:\n  A: 1", "template", ":2:"),
        ("Resources:\n  A:\n    Properties: {}", "template", ":2:"),
        ("Resources:\n  A:\n    Type: T\n    Properties: []", "template", ":4:"),
        ("Parameters:\n  P: {}\nResources: {}", "template", ":2:"),
        (
            "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub {a: b}",
            "template",
            ":5:",
        ),
        (
            "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub 'a${'",
            "template",
            ":5:",
        ),
        ("Transform: AWS::Serverless-2016-10-31\nResources: {}", "transform", ":1:"),
        ("Resources:\n  'Fn::ForEach::A': []\n  B: {Type: T}", "transform", ":2:"),
        ("Resources:\n  'Fn::Transform': {Name: M}", "transform", ":1:"),
        ("Resources:\n  A:\n    Type: AWS::EC2::Instance", "unknown-type", ":2:"),
        ("Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      Colour: red", "unknown-property", ":5:"),
        ("Resources:\n  A:\n    Type: AWS::S3::BucketPolicy", "missing-property", ":2:"),
        ("Parameters:\n  P: {Type: 'AWS::SSM::Parameter::Value<String>'}\nResources: {}", "lookup", ":2:"),
        (
            "Resources:\n  A:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n      Name: a\n      \
             SecretString: !Sub 'x{{resolve:ssm:/p}}'",
            "lookup",
            ":6:",
        ),
        (
            "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: !Ref B}",
            "unknown-reference",
            ":4:",
        ),
        (
            "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: !Ref A}",
            "circular-reference",
            ":4:",
        ),
    ];
    for (text, code, line) in cases {
        let error = refused(text);
        assert_eq!(error.code(), code, "{text}\n{error}");
        assert!(error.to_string().starts_with(&format!("template.yaml{line}")), "{text}\n{error}");
        assert!(!error.hint().is_empty());
    }
}

#[test]
fn an_unknown_type_says_what_to_add_and_where() {
    let error = refused("Resources:\n  Server:\n    Type: AWS::EC2::Instance");
    assert_eq!(
        error.to_string(),
        "template.yaml:2: resource Server: no permissions are known for the type AWS::EC2::Instance"
    );
    assert!(error.hint().contains("add a [[type]] named \"AWS::EC2::Instance\" to portfolio/launch-role/data/types"));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = edgeseal_launch_role::Template::load("nowhere/template.yaml").unwrap_err();
    assert_eq!(error.code(), "io");
    assert!(error.to_string().starts_with("nowhere/template.yaml: "));
}
