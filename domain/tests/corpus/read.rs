//! Reads every corpus file. Its text must stay byte for byte, and its values must equal those of other readers.

use domain::{
    check::Severity,
    compose::{
        Place,
        syntax::{NodeKind, Tree},
    },
    stack::Stack,
};

use crate::files::compose_files;

#[test]
fn every_file_is_read_and_given_back_byte_for_byte() {
    let files = compose_files();
    for file in &files {
        let stack = Stack::read(&file.text);
        assert!(stack.is_readable(), "{}: {:?}", file.name, stack.findings());
        assert_eq!(stack.text(), file.text, "{}", file.name);
        let errors: Vec<_> =
            stack.findings().iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", file.name);
    }
    println!("{} files read and given back", files.len());
}

#[test]
fn the_values_equal_those_of_an_independent_reader() {
    let settings = oneyaml::Settings::new().merge_keys(true);
    let (mut equal, mut refused) = (0, Vec::new());
    for file in compose_files() {
        let ours = Stack::read(&file.text).model().root.to_json();
        match oneyaml::from_str_with::<serde_json::Value>(&file.text, &settings) {
            Ok(theirs) => {
                assert_eq!(ours, theirs, "{}", file.name);
                equal += 1;
            }
            Err(error) => refused.push(format!("{}: {error}", file.name)),
        }
    }
    println!("{equal} files equal");
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn every_place_is_where_its_text_is() {
    for file in compose_files() {
        let parsed = domain::compose::syntax::parse(&file.text);
        inside(&parsed.tree, Place::new(0, file.text.len()), &file.text, &file.name);
    }
}

fn inside(tree: &Tree, outer: Place, text: &str, name: &str) {
    let place = tree.place;
    assert!(outer.start <= place.start && place.end <= outer.end, "{name}: {place:?} in {outer:?}");
    match &tree.kind {
        NodeKind::Sequence { flow, items } => {
            for item in items {
                if !flow {
                    assert_eq!(&text[item.dash..=item.dash], "-", "{name}");
                }
                inside(&item.node, place, text, name);
            }
        }
        NodeKind::Mapping { pairs, .. } => {
            for pair in pairs {
                inside(&pair.key, place, text, name);
                if let Some(colon) = pair.colon {
                    assert_eq!(&text[colon - 1..colon], ":", "{name}");
                }
                inside(&pair.value, place, text, name);
            }
        }
        NodeKind::Scalar { .. } => assert!(!place.slice(text).is_empty(), "{name}"),
        NodeKind::Alias(_) => assert!(place.slice(text).starts_with('*'), "{name}"),
        NodeKind::Missing => {}
    }
}
