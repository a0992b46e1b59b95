//! What each key of the specification does, in one or two sentences, with the form of its value.
//!
//! Each file holds the sections of one part of the specification. `[a service]` begins the keys of a mapping, named as in
//! `compose/shape/tables.rs`; a line is `key: text`. Lines that begin with `#` are comments.

const FILES: &[&str] = &[
    include_str!("top.txt"),
    include_str!("services.txt"),
    include_str!("service_parts.txt"),
    include_str!("mounts.txt"),
    include_str!("build.txt"),
    include_str!("deploy.txt"),
    include_str!("resources.txt"),
];

/// The text about a key of a mapping, which is named in words: "a service".
pub fn of(owner: &str, key: &str) -> Option<&'static str> {
    entries().find(|(of, name, _)| *of == owner && *name == key).map(|(_, _, text)| text)
}

/// The mapping, the key and the text.
pub fn entries() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    FILES.iter().flat_map(|file| {
        let mut owner = "";
        file.lines().filter_map(move |line| {
            if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                owner = section;
                return None;
            }
            let (key, text) = line.split_once(": ").filter(|_| !line.starts_with('#'))?;
            Some((owner, key, text))
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::compose::browse::every_key;

    #[test]
    fn every_key_of_the_tables_is_explained_and_no_other() {
        let known: BTreeSet<_> = every_key().into_iter().collect();
        let explained: BTreeSet<_> = entries().map(|(owner, key, _)| (owner, key)).collect();
        let missing: Vec<_> = known.difference(&explained).collect();
        let stale: Vec<_> = explained.difference(&known).collect();
        assert!(missing.is_empty() && stale.is_empty(), "missing: {missing:?}\nnot in the tables: {stale:?}");
        assert_eq!(entries().count(), explained.len(), "a key is explained twice");
    }

    #[test]
    fn a_text_is_short_and_made_of_sentences() {
        for (owner, key, text) in entries() {
            assert!(text.len() < 330, "{owner}, {key}: {} bytes", text.len());
            assert!(text.ends_with('.'), "{owner}, {key}");
            assert_eq!(text.matches('`').count() % 2, 0, "{owner}, {key}");
        }
    }
}
