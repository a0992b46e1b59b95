//! The key `version`, which Compose ignores.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::Place,
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("version-obsolete")], look };

fn look(input: &mut CheckInput<'_>) {
    let Some(entry) = input.model.root.entry("version") else { return };
    let place = Place::new(entry.key_place.start, entry.value.here().end.max(entry.key_place.end));
    let message = "Compose ignores `version` and warns about it each time. Remove the line.";
    let finding = input
        .finding("version-obsolete", Severity::Hint, place, message)
        .with_fix("Remove `version`", Edit::RemoveKey { path: vec!["version".to_owned()] });
    input.add(finding);
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    const CODE: &str = "version-obsolete";

    #[test]
    fn the_line_is_found_and_removed() {
        let text = "version: \"3.8\"\nservices:\n  web:\n    image: a:1\n";
        assert_eq!(marked(text, &one(text, CODE)), "version: \"3.8\"");
        assert_eq!(fixed(text, CODE), "services:\n  web:\n    image: a:1\n");
    }

    #[test]
    fn other_versions_are_none_of_its_business() {
        none("services:\n  web:\n    image: a:1\n    labels:\n      version: \"3\"\n", CODE);
    }
}
