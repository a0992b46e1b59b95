//! Named volumes that a service mounts without a declaration.

use serde_json::Value;

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, names, service_path},
    },
    compose::{
        Mount, MountKind, Service,
        mounts::kind_of_source,
        variables::{Piece, pieces},
    },
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::compose("volume-unknown")], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    if input.is_open() {
        return;
    }
    let declared = names(&model.volumes);
    for service in &model.services {
        for mount in &service.volumes {
            let Some(name) = mount.volume_name() else { continue };
            let name = name.as_str();
            let source = mount.source.as_deref().unwrap_or_default();
            // A variable with a value may contain a path. Without one, its default counts.
            if declared.contains(name) || pieces(source).iter().any(|piece| has_value(input, piece)) {
                continue;
            }
            match &mount.text {
                Some(text) if is_path_without_dot(source) => {
                    path_without_dot(input, service, mount, source, text);
                    continue;
                }
                None if kind_of_source(name) == MountKind::Bind => {
                    path_as_volume(input, service, mount, name);
                    continue;
                }
                _ => {}
            }
            let guess = input.guess(name, model.volumes.iter().map(|one| one.name.as_str()));
            let message = format!(
                "`{}` mounts the volume `{name}`, which isn't declared under `volumes`.{guess} Declare it, or write \
                 `./{name}` for a folder beside the file.",
                service.name
            );
            let edit = Edit::SetKey { path: vec!["volumes".to_owned(), name.to_owned()], value: Value::Null };
            let finding = input
                .finding("volume-unknown", Severity::Error, mount.place, message)
                .with_fix(format!("Declare the volume `{name}`"), edit);
            input.add(finding.of_service(&service.name));
        }
    }
}

fn has_value(input: &CheckInput<'_>, piece: &Piece<'_>) -> bool {
    matches!(piece, Piece::Variable { name, .. } if input.values.has(name))
}

/// A path in the long form, where `type` says that it is a volume.
fn path_as_volume(input: &mut CheckInput<'_>, service: &Service, mount: &Mount, path: &str) {
    let message = format!(
        "`{path}` is a path, and `type: volume` mounts a named volume. Write `type: bind` for a path."
    );
    let mut key = service_path(&service.name, "volumes");
    key.extend([mount.index.to_string(), "type".to_owned()]);
    let finding = input
        .finding("volume-unknown", Severity::Error, mount.place, message)
        .with_fix("Write `type: bind`", Edit::SetKey { path: key, value: "bind".into() });
    input.add(finding.of_service(&service.name));
}

/// Whether people read the source of a short mount as a path, and Compose as the name of a volume: `data/db`.
fn is_path_without_dot(source: &str) -> bool {
    source.contains('/')
        && source.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && !source.contains(['$', '\\', ':'])
}

fn path_without_dot(input: &mut CheckInput<'_>, service: &Service, mount: &Mount, source: &str, text: &str) {
    let message = format!(
        "Compose takes `{source}` for the name of a volume, and it isn't declared. Write `./{source}` for the folder beside \
         the file."
    );
    let mut path = service_path(&service.name, "volumes");
    path.push(mount.index.to_string());
    let edit = Edit::SetKey { path, value: format!("./{text}").into() };
    let finding = input
        .finding("volume-unknown", Severity::Error, mount.place, message)
        .with_fix(format!("Write `./{source}`"), edit);
    input.add(finding.of_service(&service.name));
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    const CODE: &str = "volume-unknown";

    #[test]
    fn an_undeclared_volume_is_named_and_can_be_declared() {
        let text = "services:\n  db:\n    image: a:1\n    volumes:\n      - data:/var/lib/data\n";
        assert_eq!(marked(text, &one(text, CODE)), "data:/var/lib/data");
        assert!(fixed(text, CODE).contains("\nvolumes:\n  data:"));
    }

    #[test]
    fn paths_anonymous_volumes_and_variables_need_no_declaration() {
        for source in ["./data:/d", "/data", "~/data:/d", "${DATA}:/d"] {
            none(&format!("services:\n  db:\n    image: a:1\n    volumes:\n      - {source}\n"), CODE);
        }
    }

    #[test]
    fn a_default_is_the_name_of_a_volume() {
        let text = "services:\n  db:\n    image: a:1\n    volumes:\n      - ${VOL:-cache}:/d\n";
        assert!(one(text, CODE).message.contains("`cache`"));
        none(&format!("{text}volumes:\n  cache:\n"), CODE);
        none(&text.replace("cache", "./cache"), CODE);
    }

    #[test]
    fn a_path_is_no_volume_whatever_the_type_says() {
        let text = "services:\n  db:\n    image: a:1\n    volumes:\n      - {type: volume, source: ./d, target: /d}\n";
        assert!(fixed(text, CODE).contains("{type: bind, source: ./d, target: /d}"));
    }

    #[test]
    fn a_folder_without_a_dot_is_a_name_for_compose() {
        let text = "services:\n  web:\n    image: a:1\n    volumes:\n      - data/db:/db # why\n";
        assert!(fixed(text, CODE).contains("      - ./data/db:/db # why\n"));
        none("services:\n  web:\n    image: a:1\n    volumes: [./a/b:/b, ../a:/c, /a/b:/d, ~/a:/e]\n", CODE);
    }
}
