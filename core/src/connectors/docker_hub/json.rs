//! Reading Docker Hub's lists, which have had several shapes.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    error::BrowseError,
    types::{Namespace, Repository, Tag},
};

/// Entries beyond the largest page are not read.
const MAX_ENTRIES: usize = 100;
const MAX_NAME: usize = 255;
const MAX_DESCRIPTION: usize = 2_000;
const MAX_PLATFORMS: usize = 30;

/// `results`, or `repositories`, or `tags`, or the list itself.
fn entries(answer: &Value) -> Result<impl Iterator<Item = &Value>, BrowseError> {
    let named = ["results", "repositories", "tags"].iter().find_map(|name| answer.get(name)?.as_array());
    let list = named.or_else(|| answer.as_array()).ok_or(BrowseError::InvalidAnswer)?;
    Ok(list.iter().take(MAX_ENTRIES))
}

pub(super) fn namespaces(answer: &Value) -> Result<Vec<Namespace>, BrowseError> {
    let mut seen = HashSet::new();
    let namespace = |entry: &Value| {
        let name = namespace_of(entry)?;
        seen.insert(name.clone()).then(|| Namespace {
            name,
            namespace_type: None,
            description: description(entry),
            is_user: false,
            is_organization: false,
        })
    };
    Ok(entries(answer)?.filter_map(namespace).collect())
}

pub(super) fn repositories(answer: &Value) -> Result<Vec<Repository>, BrowseError> {
    let repository = |entry: &Value| {
        Some(Repository {
            namespace: namespace_of(entry)?,
            name: repository_name(entry)?,
            description: description(entry),
            last_updated: name(entry, &["last_updated", "last_push"]),
            is_private: flag(entry, &["is_private", "private"]),
            star_count: entry.get("star_count").and_then(Value::as_u64),
            pull_count: entry.get("pull_count").and_then(Value::as_u64),
        })
    };
    Ok(entries(answer)?.filter_map(repository).collect())
}

pub(super) fn tags(answer: &Value) -> Result<Vec<Tag>, BrowseError> {
    let tag = |entry: &Value| {
        Some(Tag {
            name: name(entry, &["name"])?,
            digest: name(entry, &["digest"]),
            last_updated: name(entry, &["last_updated", "tag_last_pushed"]),
            tag_status: name(entry, &["tag_status"]),
            content_type: name(entry, &["content_type", "media_type"]),
            size_bytes: entry.get("full_size").and_then(Value::as_u64),
            platforms: platforms(entry),
        })
    };
    Ok(entries(answer)?.filter_map(tag).collect())
}

/// Of the `images` of a tag: `linux/arm/v7`. What is not an image to run, such as a signature, has no architecture.
fn platforms(tag: &Value) -> Vec<String> {
    let images = tag.get("images").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let platform = |image: &Value| {
        let known = |key| name(image, &[key]).filter(|text| text != "unknown");
        let (os, architecture) = (known("os")?, known("architecture")?);
        Some(match known("variant") {
            Some(variant) => format!("{os}/{architecture}/{variant}"),
            None => format!("{os}/{architecture}"),
        })
    };
    let mut all: Vec<String> = images.iter().filter_map(platform).take(MAX_PLATFORMS).collect();
    all.dedup();
    all
}

/// Stated, or the first part of a name such as `acme/shop`.
fn namespace_of(entry: &Value) -> Option<String> {
    let stated = name(entry, &["namespace", "user", "organization"]);
    let parted = |key: &&str| Some(name(entry, &[key])?.split_once('/')?.0.to_owned());
    let parted = || ["slug", "repo_name", "name"].iter().find_map(parted);
    stated.or_else(parted).filter(|namespace| !namespace.is_empty())
}

fn repository_name(entry: &Value) -> Option<String> {
    let full = name(entry, &["name", "slug", "repo_name"])?;
    Some(full.split_once('/').map_or(full.as_str(), |(_, name)| name).to_owned())
}

/// The first of the keys that holds a text.
fn name(entry: &Value, keys: &[&str]) -> Option<String> {
    let texts = keys.iter().filter_map(|key| entry.get(key)?.as_str().map(str::trim));
    texts.filter(|text| !text.is_empty() && text.len() <= MAX_NAME).map(str::to_owned).next()
}

fn description(entry: &Value) -> Option<String> {
    let text = |key: &&str| entry.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let text = ["description", "short_description"].iter().find_map(text)?;
    Some(text.chars().take(MAX_DESCRIPTION).collect())
}

fn flag(entry: &Value, keys: &[&str]) -> bool {
    keys.iter().find_map(|key| entry.get(key)?.as_bool()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({"namespace": "acme", "user": "ada"}), Some("acme"))]
    #[case(json!({"user": "ada"}), Some("ada"))]
    #[case(json!({"organization": "engines"}), Some("engines"))]
    #[case(json!({"slug": "acme/shop"}), Some("acme"))]
    #[case(json!({"repo_name": "acme/shop/api"}), Some("acme"))]
    #[case(json!({"name": "acme/shop"}), Some("acme"))]
    #[case(json!({"repo_name": "nginx"}), None)]
    #[case(json!({"name": "/shop"}), None)]
    #[case(json!("text"), None)]
    fn the_namespace_is_stated_or_part_of_a_name(#[case] entry: Value, #[case] expected: Option<&str>) {
        assert_eq!(namespace_of(&entry).as_deref(), expected);
    }

    #[rstest]
    #[case(json!({"results": [{"name": "1"}]}))]
    #[case(json!({"tags": [{"name": "1"}], "repositories": null}))]
    #[case(json!([{"name": "1"}, {"digest": "no name"}]))]
    fn a_list_is_found_in_each_of_its_shapes(#[case] answer: Value) {
        let found = tags(&answer).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(tags(&json!({"message": "hello"})), Err(BrowseError::InvalidAnswer));
    }

    #[test]
    fn each_namespace_is_listed_once_with_the_first_description() {
        let answer = json!({"results": [
            {"repo_name": "acme/shop", "short_description": "sells"},
            {"repo_name": "acme/blog", "short_description": "writes"},
            {"repo_name": "nginx"},
        ]});
        let found = namespaces(&answer).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), found[0].description.as_deref()), ("acme", Some("sells")));
    }
}
