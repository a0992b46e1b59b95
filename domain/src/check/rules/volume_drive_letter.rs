//! Mounts of volumes with a name of one letter, which Compose reads as a drive of Windows.

use serde_json::{Map, Value};

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, service_path},
    },
    compose::{Mount, Service, variables::with_defaults},
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::runtime("volume-drive-letter")], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    for service in &model.services {
        for mount in &service.volumes {
            if let Some((name, target, mode)) = meant(mount) {
                report(input, service, mount, [&name, &target, &mode]);
            }
        }
    }
}

/// Name, path and options of a mount such as `v:/v:ro`, if Compose reads it in another way.
fn meant(mount: &Mount) -> Option<(String, String, String)> {
    if with_defaults(&mount.target)?.starts_with('/') {
        return None;
    }
    let text = with_defaults(mount.text.as_deref()?)?;
    let (name, rest) = text.split_once(':')?;
    let (target, mode) = rest.split_once(':').unwrap_or((rest, ""));
    let is_letter = name.chars().count() == 1 && name.starts_with(char::is_alphabetic);
    let is_meant = is_letter && target.starts_with('/') && !mode.contains([':', '/', '\\']);
    is_meant.then(|| (name.to_owned(), target.to_owned(), mode.to_owned()))
}

fn report(input: &mut CheckInput<'_>, service: &Service, mount: &Mount, [name, target, mode]: [&str; 3]) {
    let message = format!(
        "Compose reads `{name}:` as a drive of Windows, so the volume `{name}` isn't mounted at `{target}`. Use a longer name, or \
         the long form."
    );
    let mut finding =
        input.finding("volume-drive-letter", Severity::Error, mount.place, message).of_service(&service.name);
    let is_plain = mount.text.as_deref().is_some_and(|text| !text.contains('$'));
    if is_plain && matches!(mode, "" | "ro" | "rw") {
        let mut path = service_path(&service.name, "volumes");
        path.push(mount.index.to_string());
        let mut value = Map::new();
        for (key, text) in [("type", "volume"), ("source", name), ("target", target)] {
            value.insert(key.to_owned(), text.into());
        }
        if mode == "ro" {
            value.insert("read_only".to_owned(), true.into());
        }
        let edit = Edit::SetKey { path, value: Value::Object(value) };
        finding = finding.with_fix("Write it in the long form", edit);
    }
    input.add(finding);
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    const CODE: &str = "volume-drive-letter";

    fn stack(mount: &str) -> String {
        format!("services:\n  a:\n    image: a:1\n    volumes:\n      - {mount}\nvolumes:\n  v:\n")
    }

    #[test]
    fn a_volume_of_one_letter_is_mounted_in_the_long_form() {
        let text = stack("v:/v:ro # why");
        assert_eq!(marked(&text, &one(&text, CODE)), "v:/v:ro");
        let after = fixed(&text, CODE);
        assert!(after.contains("source: v") && after.contains("read_only: true"), "{after}");
        none(&after, CODE);
        one(&stack("\"${V:-v}:/v\""), CODE);
    }

    #[test]
    fn real_drives_and_longer_names_are_fine() {
        for mount in ["C:\\x:/x", "C:/x:/x:ro", "\"C:\\\\x\"", "vv:/v", "1:/v", "./v:/v", "\"${V}:/v\""] {
            none(&stack(mount), CODE);
        }
    }
}
