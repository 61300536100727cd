//! The whole answer for one template, so that every change to it is seen in review.

use edgeseal_launch_role::{Bindings, LaunchRole, Options, Placement, Template, compute, explain, render};

fn everything() -> LaunchRole {
    let template = Template::parse("everything.yaml", include_str!("fixtures/everything.yaml")).unwrap();
    compute(&template, &Options::default()).unwrap()
}

#[test]
fn the_policy_is_sorted_grouped_and_named() {
    let bindings = Bindings {
        account: Some("111122223333".into()),
        boundary: Some("arn:aws:iam::111122223333:policy/edge".into()),
        ..Bindings::default()
    };
    let Placement::Inline(policy) = everything().place().unwrap() else { panic!("small") };
    insta::assert_snapshot!(serde_json::to_string_pretty(&policy.document(&bindings).unwrap()).unwrap());
}

#[test]
fn every_action_is_explained() {
    insta::assert_snapshot!(explain(&everything()));
}

#[test]
fn the_role_template_carries_its_parameters() {
    insta::assert_snapshot!(render(&[("every-thing".to_owned(), everything())]).unwrap());
}
