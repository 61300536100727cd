//! Properties of the comparison: the same on both sides is no change, and one difference is one change.

use std::collections::{BTreeMap, BTreeSet};

use edgeseal_portfolio::change::{Action, Object};
use edgeseal_portfolio::diff::{Options, diff};
use edgeseal_portfolio::error::Code;
use edgeseal_portfolio::state::{
    ConstraintKind, ConstraintSpec, Desired, Observed, ObservedConstraint, ObservedPortfolio, ObservedProduct,
    ObservedVersion, PortfolioFields, PrincipalRef, ProductFields, ProductSpec, ShareFlags, ShareTarget, TagOptionRef,
    Target, VersionSpec, VersionState, fingerprint, hash_in_description, sha256_hex,
};
use proptest::prelude::*;
use serde_json::json;

fn state() -> impl Strategy<Value = VersionState> {
    prop_oneof![Just(VersionState::Active), Just(VersionState::Deprecated), Just(VersionState::Inactive)]
}

fn version(index: usize) -> impl Strategy<Value = VersionSpec> {
    (state(), "[a-z]{0,8}", any::<u8>()).prop_map(move |(state, description, content)| {
        let sha256 = sha256_hex(&[content]);
        VersionSpec {
            name: format!("1.{index}.0"),
            description,
            object_key: format!("p/{sha256}.yaml"),
            sha256,
            state,
            template: String::new(),
        }
    })
}

fn product(index: usize) -> impl Strategy<Value = ProductSpec> {
    let versions = (1usize..4).prop_flat_map(|count| (0..count).map(version).collect::<Vec<_>>());
    (versions, any::<bool>(), any::<bool>()).prop_map(move |(versions, launch, rules)| {
        let key = format!("product-{index}");
        let mut constraints = Vec::new();
        if launch {
            let parameters = json!({ "LocalRoleName": key });
            constraints.push(ConstraintSpec {
                kind: ConstraintKind::Launch,
                description: "Launch role".into(),
                parameters,
            });
        }
        if rules {
            for name in ["a", "b"] {
                let parameters = json!({ "Rules": { name: {} } });
                constraints.push(ConstraintSpec {
                    kind: ConstraintKind::Template,
                    description: name.into(),
                    parameters,
                });
            }
        }
        ProductSpec {
            fields: ProductFields { name: key.clone(), owner: "o".into(), ..ProductFields::default() },
            tags: BTreeMap::from([("edgeseal:key".into(), format!("k/{key}"))]),
            versions,
            constraints,
            tag_options: BTreeSet::new(),
            actions: BTreeSet::new(),
            key,
        }
    })
}

fn wanted() -> impl Strategy<Value = Desired> {
    let products = (1usize..5).prop_flat_map(|count| (0..count).map(product).collect::<Vec<_>>());
    (products, any::<bool>(), any::<bool>()).prop_map(|(products, principal, share)| Desired {
        target: Target { account: "1".repeat(12), region: "r".into(), partition: "aws".into() },
        key: "k".into(),
        fields: PortfolioFields { name: "n".into(), provider: "p".into(), description: "d".into() },
        tags: BTreeMap::from([("edgeseal:key".into(), "k".into())]),
        bucket: "b".into(),
        prefix: "p".into(),
        products,
        tag_options: BTreeSet::new(),
        portfolio_tag_options: BTreeSet::new(),
        principals: principal.then(|| PrincipalRef { arn: "a".into(), pattern: false }).into_iter().collect(),
        shares: share.then(|| (ShareTarget::Account("2".repeat(12)), ShareFlags::default())).into_iter().collect(),
        actions: BTreeMap::new(),
        roles: BTreeMap::new(),
    })
}

/// The live state that publishing leaves behind.
fn published(desired: &Desired) -> Observed {
    let products = desired.products.iter().map(|spec| {
        let product = ObservedProduct {
            id: format!("prod-{}", spec.key),
            associated: true,
            fields: spec.fields.clone(),
            tags: spec.tags.clone(),
            versions: spec
                .versions
                .iter()
                .map(|version| ObservedVersion {
                    id: format!("pa-{}", version.name),
                    name: version.name.clone(),
                    description: version.stored_description(),
                    sha256: hash_in_description(&version.stored_description()),
                    state: version.state,
                    created: 0,
                })
                .collect(),
            constraints: spec
                .constraints
                .iter()
                .map(|constraint| ObservedConstraint { id: constraint.description.clone(), spec: constraint.clone() })
                .collect(),
            tag_options: BTreeMap::new(),
        };
        (spec.key.clone(), product)
    });
    Observed {
        portfolio: Some(ObservedPortfolio {
            id: "port-1".into(),
            fields: desired.fields.clone(),
            tags: desired.tags.clone(),
            tag_options: BTreeMap::new(),
        }),
        products: products.collect(),
        principals: desired.principals.clone(),
        shares: desired.shares.clone(),
        ..Observed::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn what_is_published_needs_no_change(desired in wanted()) {
        let result = diff(&desired, &published(&desired), Options { remove: true });
        prop_assert!(result.changes.is_empty(), "{:?}", result.changes);
        prop_assert!(result.notes.is_empty() && result.conflicts.is_empty());
    }

    #[test]
    fn the_same_question_has_the_same_answer(desired in wanted(), live in wanted()) {
        let live = published(&live);
        let (one, two) = (diff(&desired, &live, Options::default()), diff(&desired, &live, Options::default()));
        prop_assert_eq!(one.changes, two.changes);
        prop_assert_eq!(one.notes, two.notes);
    }

    #[test]
    fn nothing_is_removed_unless_it_is_asked_for_and_products_and_versions_never(desired in wanted(), live in wanted()) {
        let live = published(&live);
        let without = diff(&desired, &live, Options { remove: false });
        prop_assert!(without.changes.iter().all(|change| change.action != Action::Delete));
        let with = diff(&desired, &live, Options { remove: true });
        let removed = with.changes.iter().filter(|change| change.action == Action::Delete);
        for change in removed {
            let kept = matches!(change.object, Object::Product { .. } | Object::Version { .. } | Object::Portfolio { .. });
            prop_assert!(!kept, "{:?}", change);
        }
    }

    #[test]
    fn a_live_version_is_never_given_other_content(desired in wanted(), live in wanted()) {
        let observed = published(&live);
        let result = diff(&desired, &observed, Options::default());
        let clashes = desired.products.iter().flat_map(|spec| {
            let live = live.product(&spec.key);
            spec.versions.iter().filter(move |version| {
                live.is_some_and(|live| live.versions.iter().any(|known| known.name == version.name && known.sha256 != version.sha256))
            })
        }).count();
        prop_assert_eq!(result.conflicts.len(), clashes);
        prop_assert!(result.conflicts.iter().all(|error| error.code() == Code::VersionConflict));
    }

    #[test]
    fn a_product_comes_before_its_versions_its_association_and_its_constraints(desired in wanted()) {
        let changes = diff(&desired, &Observed::default(), Options::default()).changes;
        for spec in &desired.products {
            let rank = |object: &Object| match object {
                Object::Product { .. } => Some(0),
                Object::Version { .. } => Some(1),
                Object::Association { .. } => Some(2),
                Object::Constraint { kind: ConstraintKind::Launch, .. } => Some(3),
                Object::Constraint { .. } => Some(4),
                _ => None,
            };
            let mine = changes.iter().filter(|change| change.object.product() == Some(&spec.key));
            let ranks: Vec<u8> = mine.filter_map(|change| rank(&change.object)).collect();
            prop_assert!(ranks.is_sorted(), "{ranks:?}");
        }
    }

    #[test]
    fn states_that_differ_have_fingerprints_that_differ(one in wanted(), two in wanted()) {
        let (a, b) = (fingerprint(&published(&one)).unwrap(), fingerprint(&published(&two)).unwrap());
        prop_assert_eq!(published(&one) == published(&two), a == b);
    }
}

#[test]
fn a_fingerprint_covers_maps_whose_keys_are_not_texts() {
    let option = TagOptionRef { key: "k".into(), value: "v".into() };
    let with = |active| Observed {
        tag_options: BTreeMap::from([(option.clone(), ("tag-1".into(), active))]),
        ..Observed::default()
    };
    assert_ne!(fingerprint(&with(true)).unwrap(), fingerprint(&with(false)).unwrap());
}
