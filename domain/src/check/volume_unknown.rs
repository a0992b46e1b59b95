//! Named volumes that a service mounts without a declaration.

use serde_json::Value;

use super::rule::{CheckInput, Rule, names, service_path};
use crate::{
    compose::{Mount, MountKind, Service},
    finding::{Basis, Severity},
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[("volume-unknown", Basis::Compose)], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    if input.is_open() {
        return;
    }
    let declared = names(&model.volumes);
    for service in &model.services {
        for mount in &service.volumes {
            let Some(name) = mount.source.as_deref() else { continue };
            if let Some(text) = &mount.text
                && is_path_without_dot(name)
            {
                path_without_dot(input, service, mount, name, text);
                continue;
            }
            if mount.kind != MountKind::Volume {
                continue;
            }
            // The variable may contain a path.
            if name.is_empty() || name.contains('$') || declared.contains(name) {
                continue;
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
    fn a_folder_without_a_dot_is_a_name_for_compose() {
        let text = "services:\n  web:\n    image: a:1\n    volumes:\n      - data/db:/db # why\n";
        assert!(fixed(text, CODE).contains("      - ./data/db:/db # why\n"));
        none("services:\n  web:\n    image: a:1\n    volumes: [./a/b:/b, ../a:/c, /a/b:/d, ~/a:/e]\n", CODE);
    }
}
